"""The programme beside the meetings: forums and the like, made by organisers, and delegates who sign up for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from fairlink.tables import TABLES, Record, Records
from fairlink_site import snapshot
from fairlink_site.actions.meetings.telling import tell_organisation
from fairlink_site.actions.records import ask_rules, store_activity
from fairlink_site.models import Activity, Edition, Organisation, Person, Run, Seat, SignUp
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.refusals import Refused

OPEN = ("registration", "matching", "published", "running")  # phases in which people sign up


@transaction.atomic
def sign_up(
    organisation: Organisation,
    activity: Activity,
    delegate: int,
    *,
    by: Person | None = None,
    now: datetime | None = None,
) -> SignUp:
    """A delegate attends; no harm if they do already. They are in no meeting and no other activity meanwhile.

    Raises Refused: sign_up_closed, no_such_delegate, activity_over, delegate_meets, delegate_attends, activity_full.
    """
    activity = _locked(activity)
    edition = activity.edition
    same = organisation.edition_id == edition.pk and organisation.status == VALIDATED
    if not same or edition.phase not in OPEN:
        raise Refused("sign_up_closed")
    if not 0 <= delegate < organisation.delegates:
        raise Refused("no_such_delegate", most=organisation.delegates)
    there = activity.sign_ups.filter(organisation=organisation, delegate=delegate).first()
    if there is not None:
        return there
    if is_over(activity, now or edition.now()):
        raise Refused("activity_over")
    _demand_free(organisation, activity, delegate)
    if activity.capacity and activity.sign_ups.count() >= activity.capacity:
        raise Refused("activity_full")
    return SignUp.objects.create(activity=activity, organisation=organisation, delegate=delegate, by=by)


@transaction.atomic
def sign_off(organisation: Organisation, activity: Activity, delegate: int) -> None:
    """A delegate does not attend after all; no harm if they did not mean to. Raises Refused: sign_up_closed."""
    activity = _locked(activity)
    if activity.edition.phase not in OPEN:
        raise Refused("sign_up_closed")
    activity.sign_ups.filter(organisation=organisation, delegate=delegate).delete()


def _locked(activity: Activity) -> Activity:
    """The activity as it is now. The timetable is locked before it: a meeting may be booked at this moment."""
    list(Run.objects.select_for_update().filter(edition=activity.edition_id, kind="meetings", current=True))
    rows = Activity.objects.select_for_update(of=("self",)).select_related("edition")
    found: Activity = rows.get(pk=activity.pk)
    return found


def is_over(activity: Activity, now: datetime) -> bool:
    """Whether it has ended, where the edition is."""
    return now >= datetime.combine(activity.day, activity.end, activity.edition.zone)


def meetings_then(activity: Activity, organisation: Organisation) -> QuerySet[Any]:
    """Seats of an organisation at meetings of the current timetable while an activity lasts."""
    found: QuerySet[Any] = (
        Seat.objects.current()
        .filter(run__edition=activity.edition_id, organisation=organisation, slot__day=activity.day)
        .filter(slot__start__lt=activity.end, slot__end__gt=activity.start)
        .select_related("slot")
        .prefetch_related("meeting__seats__organisation")
    )
    return found


def activities_then(activity: Activity, organisation: Organisation) -> QuerySet[SignUp]:
    """Sign-ups of an organisation for other activities of that time."""
    return (
        organisation.sign_ups.filter(activity__day=activity.day)
        .filter(activity__start__lt=activity.end, activity__end__gt=activity.start)
        .exclude(activity=activity)
        .select_related("activity")
    )


def _demand_free(organisation: Organisation, activity: Activity, delegate: int) -> None:
    seat = meetings_then(activity, organisation).filter(delegate=delegate).first()
    if seat is not None:
        other = next(one for one in seat.meeting.seats.all() if one.organisation_id != organisation.pk)
        raise Refused("delegate_meets", partner=other.organisation.name, clock=f"{seat.slot.start:%H:%M}")
    other_one = activities_then(activity, organisation).filter(delegate=delegate).first()
    if other_one is not None:
        raise Refused("delegate_attends", activity=other_one.activity.name)


@transaction.atomic
def keep_activity(edition: Edition, record: Record, *, code: str = "", by: Person | None = None) -> Activity:
    """Add an activity, or change the one of that code; who had signed up and is concerned is told.

    Whoever has no time for it at its new hours is signed off. Raises Refused: too_many_signed_up; fairlink.BadExpo.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    before = edition.activities.filter(code=code).select_related("chain").first() if code else None
    record = {**record, "id": code or _free_code(edition)}
    ask_rules(Records({}), _alone(edition, record))
    if before is None:
        return store_activity(edition, record)
    signed_up = list(_locked(before).sign_ups.select_related("organisation__edition"))
    if record["capacity"] and len(signed_up) > record["capacity"]:
        raise Refused("too_many_signed_up", number=len(signed_up))
    was = (before.day, before.start, before.end, before.hall)
    after = store_activity(edition, record)
    if was != (after.day, after.start, after.end, after.hall):
        clashing = [one for one in signed_up if _clashes(one, after)]
        SignUp.objects.filter(pk__in=[one.pk for one in clashing]).delete()
        gone = {one.organisation_id for one in clashing}
        for organisation in _of(signed_up):
            said = "clash" if organisation.pk in gone else "moved"
            _tell(organisation, after, said, but=by)
    return after


@transaction.atomic
def remove_activity(activity: Activity, *, by: Person | None = None) -> None:
    """Take an activity out of the programme; those who had signed up are told."""
    activity = _locked(activity)
    for organisation in _of(activity.sign_ups.select_related("organisation__edition")):
        _tell(organisation, activity, "removed", but=by)
    activity.delete()


def _of(signed_up: Iterable[SignUp]) -> list[Organisation]:
    """Those who have signed up, once each."""
    return list({one.organisation_id: one.organisation for one in signed_up}.values())


def _clashes(one: SignUp, activity: Activity) -> bool:
    try:
        _demand_free(one.organisation, activity, one.delegate)
    except Refused:
        return True
    return False


def _tell(organisation: Organisation, activity: Activity, said: str, *, but: Person | None) -> None:
    tell_organisation(
        organisation,
        "activity_changed",
        but=but,
        activity=activity.name,
        said=said,
        day=activity.day.isoformat(),
        clock=f"{activity.start:%H:%M}",
        place=activity.hall,
    )


def _alone(edition: Edition, record: Record) -> Records:
    """One activity, and what its rules ask of."""
    known: dict[str, list[Record]] = {
        "edition": [snapshot.edition_record(edition)],
        "chain": list(snapshot.chain_records(edition)),
        "activities": [record],
    }
    return Records(known, missing=frozenset(set(TABLES) - set(known)))


def _free_code(edition: Edition) -> str:
    taken = set(edition.activities.values_list("code", flat=True))
    number = len(taken) + 1
    while f"a{number:03}" in taken:
        number += 1
    return f"a{number:03}"
