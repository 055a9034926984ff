"""One holding of the expo, its chains, slots and places."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fairlink import expo
from fairlink_site.models.choices import choices

_RULES = expo.Rules()


class Edition(models.Model):
    """One holding of the expo; every row but vocabularies belongs to exactly one."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.JSONField()
    host_country = models.CharField(max_length=2)
    city = models.JSONField(default=dict)
    time_zone = models.CharField(max_length=64)
    start = models.DateField()
    end = models.DateField()
    languages = models.JSONField()
    currency = models.CharField(max_length=3)
    second_currency = models.CharField(max_length=3, blank=True)
    rate = models.DecimalField(max_digits=26, decimal_places=10, null=True)
    rate_date = models.DateField(null=True)
    sample = models.BooleanField(default=False)
    note = models.JSONField(default=dict)
    list_length = models.PositiveSmallIntegerField()
    win_win = models.PositiveSmallIntegerField()
    meeting_cap = models.PositiveSmallIntegerField()
    daily_cap = models.PositiveSmallIntegerField()
    longest_run = models.PositiveSmallIntegerField()
    first_meetings_bonus = models.PositiveSmallIntegerField(default=_RULES.first_meetings_bonus)
    objective = models.CharField(max_length=16, choices=choices(expo.OBJECTIVES))
    weight_small = models.PositiveSmallIntegerField(default=_RULES.weight_small)
    weight_least_developed = models.PositiveSmallIntegerField(default=_RULES.weight_least_developed)
    exposure_cap = models.PositiveSmallIntegerField(default=_RULES.exposure_cap)
    floor = models.BooleanField(default=_RULES.floor)
    copies_as_one = models.BooleanField(default=_RULES.copies_as_one)
    meet = models.CharField(max_length=16, choices=choices(expo.MEET), default=_RULES.meet)
    wish_days = models.PositiveSmallIntegerField(default=_RULES.wish_days)
    wish_cap = models.PositiveSmallIntegerField(default=_RULES.wish_cap)
    rates = models.JSONField(default=list)
    purchases = models.JSONField(default=list)
    phase = models.CharField(max_length=16, choices=choices(expo.PHASES), default=expo.PHASES[0])
    groups = models.JSONField(default=list)
    developing = models.JSONField(default=list)
    predecessor = models.ForeignKey("self", models.SET_NULL, null=True, related_name="successors")
    history = HistoricalRecords()

    class Meta:
        ordering = ("-start", "slug")
        verbose_name = _("edition")

    def __str__(self) -> str:
        return self.slug

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def now(self) -> datetime:
        """The time by which meetings are past or to come. A sample is always about to begin: it can be tried."""
        now = timezone.now()
        begins = datetime.combine(self.start, time.min, self.zone)
        return min(now, begins) if self.sample else now


class Chain(models.Model):
    """One of the edition's chains."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="chains")
    code = models.CharField(max_length=64)
    name = models.JSONField()
    position = models.PositiveSmallIntegerField()
    history = HistoricalRecords()

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="chain_code"),)

    def __str__(self) -> str:
        return self.code


class Node(models.Model):
    """A link of a chain. It feeds others; the whole has no circle."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="nodes")
    chain = models.ForeignKey(Chain, models.CASCADE, related_name="nodes")
    code = models.CharField(max_length=64)
    name = models.JSONField()
    stage = models.CharField(max_length=16, choices=choices(expo.STAGES))
    codes = models.JSONField(default=list)
    essential = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()
    feeds = models.ManyToManyField("self", symmetrical=False, related_name="fed_by")
    history = HistoricalRecords(m2m_fields=[feeds])

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="node_code"),)

    def __str__(self) -> str:
        return self.code


class Slot(models.Model):
    """A time at which meetings can be held."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="slots")
    code = models.CharField(max_length=64)
    day = models.DateField()
    start = models.TimeField()
    end = models.TimeField()
    history = HistoricalRecords()

    class Meta:
        ordering = ("day", "start")
        constraints = (
            models.UniqueConstraint(fields=("edition", "code"), name="slot_code"),
            models.UniqueConstraint(fields=("edition", "day", "start"), name="slot_start"),
        )

    def __str__(self) -> str:
        return self.code

    def day_begins(self) -> datetime:
        """Midnight of its day, where the edition is."""
        return datetime.combine(self.day, time.min, self.edition.zone)


class Place(models.Model):
    """A booth, table, room, or the online hall."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="places")
    code = models.CharField(max_length=64)
    name = models.JSONField(default=dict)
    kind = models.CharField(max_length=16, choices=choices(expo.PLACE_KINDS))
    hall = models.CharField(max_length=64, blank=True)
    organisation = models.ForeignKey("Organisation", models.CASCADE, null=True, related_name="places")
    capacity = models.PositiveSmallIntegerField(default=1)
    closed = models.JSONField(default=list)
    history = HistoricalRecords()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="place_code"),)

    def __str__(self) -> str:
        return self.code


class Interpreter(models.Model):
    """Somebody who interprets meetings, or several who speak the same languages."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="interpreters")
    code = models.CharField(max_length=64)
    name = models.JSONField(default=dict)
    languages = models.JSONField(default=list)
    number = models.PositiveSmallIntegerField(default=1)
    closed = models.JSONField(default=list)
    history = HistoricalRecords()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="interpreter_code"),)

    def __str__(self) -> str:
        return self.code
