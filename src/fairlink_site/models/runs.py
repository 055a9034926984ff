"""Stored results of matching and timetabling, with where they come from."""

from __future__ import annotations

from django.db import models

from fairlink import expo
from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Edition
from fairlink_site.models.organisations import Listing, Organisation


class Run(models.Model):
    """One matching or one timetable; the current one of its kind is what people see.

    A timetable that is not current is a proposal, or was current once; `published` says when it last became so.
    """

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
    published = models.DateTimeField(null=True)  # of a timetable
    locked = models.BooleanField(default=False)  # participants change nothing in it any more

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
