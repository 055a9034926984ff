"""Interpreters of an edition: added, changed and removed by organisers; the next timetable counts on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from fairlink import cells
from fairlink.tables import INTERPRETERS, TABLES, Record, Records
from fairlink_site import snapshot
from fairlink_site.actions.records import ask_rules, signed, store_interpreters
from fairlink_site.models import Edition, Meeting, Person
from fairlink_site.refusals import Refused


@transaction.atomic
def add_interpreter(edition: Edition, facts: Record, *, by: Person | None = None) -> str:
    """One more interpreter, or a row for several. Returns the code. Raises fairlink.BadExpo."""
    # Lock the edition: two organisers may be adding at the same moment.
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    taken = set(edition.interpreters.values_list("code", flat=True))
    code = next(code for number in range(1, len(taken) + 2) if (code := f"i{number:02d}") not in taken)
    record = {**cells.blank(INTERPRETERS), **facts, "id": code}
    ask_rules(Records({}), _alone(edition, [record]))
    store_interpreters(edition, [record], by=by)
    return code


@transaction.atomic
def change_interpreter(edition: Edition, code: str, changes: Record, *, by: Person | None = None) -> None:
    """Change facts of an interpreter. Raises Refused: nothing_chosen; fairlink.BadExpo."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    before = list(snapshot.interpreter_records(edition.interpreters.filter(code=code)))
    if not before:
        raise Refused("nothing_chosen")
    after = [{**before[0], **changes}]
    ask_rules(_alone(edition, before), _alone(edition, after))
    store_interpreters(edition, after, by=by)


@transaction.atomic
def remove_interpreters(edition: Edition, codes: Collection[str], *, by: Person | None = None) -> None:
    """Take interpreters away. Raises Refused: nothing_chosen, interpreter_in_use."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    gone = [one for one in edition.interpreters.all() if one.code in codes]
    if not gone:
        raise Refused("nothing_chosen")
    meetings = Meeting.objects.filter(interpreter__in=gone)
    if meetings.standing().filter(run__current=True).exists():
        raise Refused("interpreter_in_use")
    # Proposals that count on them go with them; of what was published, or cancelled, only the name goes.
    proposed = edition.runs.filter(published=None, current=False, pk__in=meetings.values("run"))
    edition.runs.filter(pk__in=list(proposed.values_list("pk", flat=True))).delete()
    meetings.update(interpreter=None, voice=0)
    for one in gone:
        signed(one, by).delete()


def _alone(edition: Edition, rows: Sequence[Record]) -> Records:
    """Interpreters whose rules are asked beside the times that they name."""
    known: dict[str, Sequence[Record]] = {
        "edition": [snapshot.edition_record(edition)],
        "slots": list(snapshot.slot_records(edition)),
        "interpreters": rows,
    }
    return Records(known, missing=frozenset(set(TABLES) - set(known)))
