"""Stored results of matching and timetabling, with where they come from."""

from __future__ import annotations

from django.db import models

from fairlink import expo
from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Edition, Place, Slot
from fairlink_site.models.organisations import Listing, Organisation


class Run(models.Model):
    """One matching or one timetable; the current one of its kind is what people see."""

    KINDS = (("partners", "partners"), ("meetings", "meetings"))

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=16, choices=KINDS)
    current = models.BooleanField(default=True)
    made = models.DateTimeField(auto_now_add=True)
    seconds = models.FloatField()
    version = models.CharField(max_length=32)
    seed = models.IntegerField()
    parameters = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    measures = models.JSONField()

    class Meta:
        ordering = ("-made",)
        constraints = (
            models.UniqueConstraint(
                fields=("edition", "kind"), condition=models.Q(current=True), name="one_current_run"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Suggestion(models.Model):
    """A partner suggested to an organisation; gains in points of 100; reasons as
    [code, data, points to the organisation, points to the partner]."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="suggestions")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="suggestions")
    partner = models.ForeignKey(Organisation, models.CASCADE, related_name="suggested_to")
    rank = models.PositiveSmallIntegerField()
    gain = models.PositiveSmallIntegerField()
    partner_gain = models.PositiveSmallIntegerField()
    need = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="+")
    offer = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="+")
    partner_need = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="+")
    own_offer = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="+")
    reasons = models.JSONField()

    class Meta:
        ordering = ("rank",)
        constraints = (models.UniqueConstraint(fields=("run", "organisation", "rank"), name="one_rank"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.rank}"


class PassedOver(models.Model):
    """Somebody who would bring an organisation as much as those on its list, and why it is not there."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="passed_over")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="passed_over")
    partner = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    gain = models.PositiveSmallIntegerField()
    partner_gain = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=16, choices=choices(expo.PASSED_OVER))
    lists = models.PositiveIntegerField()  # in which the partner stands

    class Meta:
        ordering = ("-gain", "pk")
        constraints = (
            models.UniqueConstraint(fields=("run", "organisation", "partner"), name="passed_over_once"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.partner_id} {self.reason}"


class Meeting(models.Model):
    """A meeting that has a time and a place."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="meetings")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="meetings")
    place = models.ForeignKey(Place, models.PROTECT, related_name="meetings")
    weight = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("slot__day", "slot__start", "pk")

    def __str__(self) -> str:
        return str(self.pk)


class Seat(models.Model):
    """One party of a meeting: which of its delegates sits there. Nobody sits in two places at a time."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")
    run = models.ForeignKey(Run, models.CASCADE, related_name="seats")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="seats")
    delegate = models.PositiveSmallIntegerField()
    host = models.BooleanField()
    gain = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run", "slot", "organisation", "delegate"), name="one_seat"),
            models.UniqueConstraint(fields=("meeting", "organisation"), name="one_party"),
        )

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.organisation_id}"


class UnplacedMeeting(models.Model):
    """A wanted meeting without a time: the binding rule, and the cheapest change that would admit it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="unplaced")
    first = models.ForeignKey(Organisation, models.CASCADE, related_name="unplaced_first")
    second = models.ForeignKey(Organisation, models.CASCADE, related_name="unplaced_second")
    weight = models.PositiveSmallIntegerField()
    reason = models.JSONField()
    remedy = models.JSONField()

    class Meta:
        ordering = ("-weight", "pk")

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
