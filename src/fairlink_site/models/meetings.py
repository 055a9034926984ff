"""The timetable as it lives: meetings, who sits in them, what happened to them, and who has arrived.

Nobody sits in two places at a time and no place is taken twice: the database itself refuses it. What was cancelled
keeps its row and gives its time and place free.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.fields.json import KT

from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Edition, Interpreter, Place, Slot
from fairlink_site.models.organisations import Organisation
from fairlink_site.models.people import Person
from fairlink_site.models.records import Activity
from fairlink_site.models.runs import Run

_PART = models.CharField(max_length=64, null=True)
TOLD = ("published", "running", "closed")  # phases in which participants see the timetable


class Meetings(models.QuerySet[Any]):
    """Meetings of a run."""

    def standing(self) -> Meetings:
        """Those that take a time and a place."""
        return self.exclude(state=Meeting.CANCELLED)


class Meeting(models.Model):
    """A meeting that has a time and a place."""

    PLANNED, HELD, MISSED, CANCELLED = STATES = ("planned", "held", "missed", "cancelled")
    TIMETABLE, REQUEST, HALL = ORIGINS = ("timetable", "request", "hall")  # hall: held on the spot

    run = models.ForeignKey(Run, models.CASCADE, related_name="meetings")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="meetings")
    place = models.ForeignKey(Place, models.PROTECT, related_name="meetings")
    chair = models.PositiveSmallIntegerField(
        default=0
    )  # which of the meetings that the place holds at a time
    interpreter = models.ForeignKey(Interpreter, models.PROTECT, null=True, related_name="meetings")
    voice = models.PositiveSmallIntegerField(default=0)  # which of the interpreters for whom the row stands
    weight = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=choices(STATES), default=PLANNED)
    origin = models.CharField(max_length=16, choices=choices(ORIGINS), default=TIMETABLE)

    objects: ClassVar[Any] = Meetings.as_manager()

    class Meta:
        ordering = ("slot__day", "slot__start", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "slot", "place", "chair"),
                condition=~models.Q(state="cancelled"),
                name="one_place",
            ),
            models.UniqueConstraint(
                fields=("run", "slot", "interpreter", "voice"),
                condition=~models.Q(state="cancelled"),
                name="one_interpreter",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Seats(models.QuerySet[Any]):
    """Seats of a run, or of an organisation."""

    def standing(self) -> Seats:
        """Those that take somebody's time."""
        return self.filter(released=False)

    def current(self) -> Seats:
        """Those of the timetable that people see."""
        return self.standing().filter(run__current=True)


class Seat(models.Model):
    """One party of a meeting: which of its delegates sits there. Nobody sits in two places at a time."""

    MET, ABSENT, FOLLOW_UP, AGREEMENT = OUTCOMES = ("met", "absent", "follow_up", "agreement")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")
    run = models.ForeignKey(Run, models.CASCADE, related_name="seats")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="seats")
    delegate = models.PositiveSmallIntegerField()  # from 0; a membership may say who that is
    host = models.BooleanField()
    gain = models.PositiveSmallIntegerField()
    released = models.BooleanField(default=False)  # the meeting is cancelled, and this time is free
    arrived = models.DateTimeField(null=True)
    absent = models.BooleanField(default=False)  # did not come, as the hall or the other party says
    # What this party says of the meeting; its notes are read by nobody else.
    outcome = models.CharField(max_length=16, choices=choices(OUTCOMES), blank=True)
    notes = models.TextField(blank=True)
    told = models.DateTimeField(null=True)  # when its people were sent the agenda in which this stands

    objects: ClassVar[Any] = Seats.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "slot", "organisation", "delegate"),
                condition=models.Q(released=False),
                name="one_seat",
            ),
            models.UniqueConstraint(fields=("meeting", "organisation"), name="one_party"),
        )

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.organisation_id}"


class UnplacedMeeting(models.Model):
    """A wanted meeting without a time: the binding rule, and the cheapest change that would admit it.

    When a time becomes free, the best of these takes it.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="unplaced")
    first = models.ForeignKey(Organisation, models.CASCADE, related_name="unplaced_first")
    second = models.ForeignKey(Organisation, models.CASCADE, related_name="unplaced_second")
    weight = models.PositiveIntegerField()
    gain_first = models.PositiveSmallIntegerField(default=0)
    gain_second = models.PositiveSmallIntegerField(default=0)
    reason = models.JSONField()
    remedy = models.JSONField()
    # Parts of these, kept by the database: tens of thousands of rows are counted by them for one page.
    rule = models.GeneratedField(expression=KT("reason__0"), output_field=_PART, db_persist=True)
    change = models.GeneratedField(expression=KT("remedy__0"), output_field=_PART, db_persist=True)
    kind = models.GeneratedField(expression=KT("remedy__1__kind"), output_field=_PART, db_persist=True)
    at = models.GeneratedField(expression=KT("remedy__1__slot"), output_field=_PART, db_persist=True)

    class Meta:
        ordering = ("-weight", "pk")
        indexes = (models.Index(fields=("run", "rule", "change", "kind", "at"), name="unplaced_why"),)

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class TimetableEvent(models.Model):
    """What happened to a timetable after it was made, in order; rows are only added.

    `data` holds codes and keys: `released`, `placed` and `moved` meetings, and what the words of the kind need.
    """

    KINDS = (
        *("published", "locked", "unlocked", "booked", "moved", "cancelled", "delegate"),
        *("arrived", "no_show", "late", "place_closed", "place_opened", "repaired"),
    )

    run = models.ForeignKey(Run, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=choices(KINDS))
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, related_name="events")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="timetable_events")
    place = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="events")
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("-made", "-pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.run_id}"


class Arrival(models.Model):
    """An organisation has come on a day: its badge was read, or somebody at the door said so."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="arrivals")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="arrivals")
    day = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (models.UniqueConstraint(fields=("organisation", "day"), name="arrived_once"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.day}"


class SignUp(models.Model):
    """A delegate attends an activity, and has no time for meetings while it lasts."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sign_ups")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="sign_ups")
    delegate = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("activity__day", "activity__start", "pk")
        constraints = (
            models.UniqueConstraint(fields=("activity", "organisation", "delegate"), name="signed_up_once"),
        )

    def __str__(self) -> str:
        return f"{self.activity_id} {self.organisation_id}"
