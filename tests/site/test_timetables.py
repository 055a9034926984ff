"""The room of timetables: made with a budget, compared, published after a look at what that changes, locked, left."""

import pytest

from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.people import appoint
from fairlink_site.models import Edition, Job, Meeting, Person, Run, Seat
from fairlink_site.pages.meetings.differences import At, difference
from fairlink_site.pages.meetings.spread import lacks, spread


@pytest.fixture
def ada(edition):
    made = Person.objects.create_user("ada@example.org", name="Ada")
    appoint(made, edition, role="organiser")
    return made


@pytest.fixture
def organiser(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def current(edition):
    return edition.runs.get(kind="meetings", current=True)


@pytest.fixture
def other(edition, current):
    """A proposal with the same meetings, but for one that is moved, one elsewhere and one that is dropped."""
    made = Run.objects.get(pk=current.pk)
    made.pk, made.current, made.published = None, False, None
    made.save()
    kept = list(current.meetings.order_by("pk")[:6])
    for meeting in kept[:-1]:
        seats = list(meeting.seats.all())
        meeting.pk, meeting.run = None, made
        meeting.save()
        for seat in seats:
            seat.pk, seat.run, seat.meeting = None, made, meeting
        Seat.objects.bulk_create(seats)
    moved, elsewhere = made.meetings.order_by("pk")[:2]
    free = edition.slots.exclude(pk__in=made.meetings.values("slot")).first()
    moved.seats.update(slot=free)
    Meeting.objects.filter(pk=moved.pk).update(slot=free)
    Meeting.objects.filter(pk=elsewhere.pk).update(
        place=edition.places.exclude(pk=elsewhere.place_id).first()
    )
    return made


def at(edition, path=""):
    return f"/en/{edition.slug}/timetables/{path}"


def test_a_difference_tells_what_is_moved_elsewhere_new_and_dropped(current, other):
    there = difference(current, other)
    back = difference(other, current)

    held = current.meetings.count()
    assert there.kept == back.kept == 3
    assert there.number == {"moved": 1, "elsewhere": 1, "new": 0, "dropped": held - 5}
    assert back.number == {"moved": 1, "elsewhere": 1, "new": held - 5, "dropped": 0}
    (moved,) = there.told("moved", there.of("moved"))
    meeting = other.meetings.order_by("pk").first()
    assert moved.after == At(meeting.slot_id, meeting.place_id)
    assert set(moved.pair) == {seat.organisation_id for seat in meeting.seats.all()}


def test_what_was_cancelled_is_not_counted_as_held(current, other):
    meeting = other.meetings.order_by("pk").last()
    meeting.seats.update(released=True)
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.CANCELLED)

    assert difference(current, other).kept == 2


def test_every_organisation_stands_in_one_bar_and_waiting_times_are_counted(edition, current):
    found = spread(edition, current)

    counted = [current.seats.filter(organisation=one).count() for one in edition.organisations.all()]
    assert sum(bar.organisations for bar in found.bars) == len([n for n in counted if n]) + len(found.alone)
    assert all(0 <= bar.small <= bar.organisations for bar in found.bars)
    assert found.bars[0][:3] == (0, 0, len(found.alone))
    assert found.idle == sum(_idle(edition, current))


def _idle(edition, run):
    for organisation in edition.organisations.all():
        for delegate in range(organisation.delegates):
            for day in edition.slots.order_by("day").values_list("day", flat=True).distinct():
                times = list(edition.slots.filter(day=day).values_list("pk", flat=True))
                sits = run.seats.filter(organisation=organisation, delegate=delegate, slot__day=day)
                taken = sorted(times.index(slot) for slot in sits.values_list("slot", flat=True))
                yield taken[-1] - taken[0] + 1 - len(taken) if taken else 0


def test_everything_without_a_time_is_counted_once_by_its_reason(edition, current):
    assert sum(lack.number for lack in lacks(edition, current)) == current.unplaced.count()


def test_a_timetable_is_asked_for_with_a_time_to_search_and_can_be_stopped(organiser, edition, ada):
    organiser.post(at(edition), {"do": "make", "seconds": "60"})
    organiser.post(at(edition), {"do": "make", "seconds": "15"})

    job = edition.jobs.get(kind="meetings")
    assert (job.standing, job.by, job.stop) == ({"seconds": 60}, ada, False)

    organiser.post(at(edition), {"do": "stop"})

    job.refresh_from_db()
    assert job.stop


def test_the_room_shows_how_far_a_timetable_is(organiser, edition):
    standing = {"bound": 1000, "gain": 990, "held": 77, "idle": 5, "alone": 3, "seconds": 15}
    Job.objects.create(edition=edition, kind="meetings", state="working", standing=standing)

    page = organiser.get(at(edition)).content.decode()

    assert "<dd>1%</dd>" in page
    assert "<dd>77</dd>" in page
    assert "data-open" in page


def test_publishing_says_first_what_it_changes_then_does_it_and_tells(organiser, edition, current, other):
    page = organiser.get(at(edition, f"{other.pk}/publish/")).content.decode()

    assert f"{current.meetings.count() - 5:,} meetings are dropped" in page
    assert edition.runs.get(kind="meetings", current=True) == current

    organiser.post(at(edition, f"{other.pk}/publish/"))

    assert edition.runs.get(kind="meetings", current=True) == other
    assert edition.jobs.get(kind="announce").subject == other.pk

    organiser.post(at(edition, f"{current.pk}/publish/"))

    assert edition.runs.get(kind="meetings", current=True) == current


def test_an_edition_that_is_over_keeps_its_timetable(organiser, edition, current, other):
    Edition.objects.filter(pk=edition.pk).update(phase="closed")

    answer = organiser.post(at(edition, f"{other.pk}/publish/"), follow=True)

    assert "The edition is closed" in answer.content.decode()
    assert edition.runs.get(kind="meetings", current=True) == current


def test_a_timetable_is_locked_and_unlocked(organiser, edition, current):
    organiser.post(at(edition, f"{current.pk}/"), {"do": "lock"})
    assert Run.objects.get(pk=current.pk).locked
    organiser.post(at(edition, f"{current.pk}/"), {"do": "unlock"})
    assert not Run.objects.get(pk=current.pk).locked


def test_files_hold_every_meeting_with_and_without_a_time_and_every_change(
    organiser, edition, current, other
):
    rows = b"".join(organiser.get(at(edition, f"{current.pk}.csv"))).decode().splitlines()
    changes = b"".join(organiser.get(at(edition, f"{other.pk}/from/{current.pk}.csv"))).decode().splitlines()

    assert len(rows) == 1 + current.meetings.count() + current.unplaced.count()
    assert len(changes) == 1 + len(list(difference(current, other).changes))


def test_pages_take_a_constant_number_of_queries(
    organiser, edition, current, other, django_assert_max_num_queries
):
    with django_assert_max_num_queries(24):
        assert organiser.get(at(edition, f"{current.pk}/")).status_code == 200
    for show in ("moved", "elsewhere", "new", "dropped", "organisations", "x"):
        with django_assert_max_num_queries(20):
            page = organiser.get(at(edition, f"{other.pk}/from/{current.pk}/"), {"show": show})
            assert page.status_code == 200


def test_a_search_that_somebody_ends_is_kept_and_says_so(edition, ada):
    told = []

    run = make_timetable(edition, by=ada, seconds=600, stop=lambda: len(told) > 2, watch=told.append)

    assert run.measures["stopped"]
    assert run.measures["by"] == ada.pk
    assert run.measures["gain"] == told[-1].gain <= told[-1].bound
    assert (run.measures["idle"], run.measures["alone"]) == (told[-1].idle, told[-1].alone)


def test_what_would_be_worth_most_is_reckoned_with_the_timetable_and_told_in_the_readers_language(
    organiser, edition, ada
):
    edition.meeting_cap = 1
    edition.save()
    made = make_timetable(edition, by=ada)

    english, chinese = (
        organiser.get(f"/{language}/{edition.slug}/timetables/{made.pk}/").content.decode()
        for language in ("en", "zh-hans")
    )

    (cap,) = [one for one in made.measures["helps"] if one["resource"] == "cap"]
    assert (
        f"One more meeting for each organisation can add {cap['points']:,} points of gain at most." in english
    )
    assert f"每家机构会谈上限提高一场，最多可增加 {cap['points']:,} 分收益。" in chinese


def test_a_timetable_of_before_says_nothing_of_what_would_be_worth_most(organiser, edition, current):
    Run.objects.filter(pk=current.pk).update(measures={**current.measures, "helps": []})

    page = organiser.get(f"/en/{edition.slug}/timetables/{current.pk}/").content.decode()

    assert "What would be worth most" not in page
