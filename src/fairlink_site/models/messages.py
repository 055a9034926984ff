"""What people are told: notices on the site, letters in the outbox, and what each person wants of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Edition
from fairlink_site.models.people import Person

MORNING = time(8)  # when the letter of the day goes out, where its reader is


class Notice(models.Model):
    """Something a person is told on the site: a kind, the values its words need, and the page it is about."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    edition = models.ForeignKey(Edition, models.CASCADE, null=True, related_name="notices")
    kind = models.CharField(max_length=32)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    path = models.CharField(max_length=300)  # without the language in front
    made = models.DateTimeField(default=timezone.now)
    read = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made", "-pk")
        indexes = (
            models.Index(fields=("person", "-made"), name="notice_inbox"),
            models.Index(fields=("person",), condition=models.Q(read=None), name="notice_unread"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Letter(models.Model):
    """A letter in the outbox, as it will be sent but for what is secret in it."""

    WAITING, HELD, SENT, FAILED = STATES = (
        "waiting",
        "held",
        "sent",
        "failed",
    )  # held: for a letter of the day

    edition = models.ForeignKey(Edition, models.CASCADE, null=True, related_name="letters")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="letters")
    notice = models.ForeignKey(Notice, models.SET_NULL, null=True, related_name="letters")
    within = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="letters"
    )  # letter of the day
    to = models.EmailField(max_length=254)
    kind = models.CharField(max_length=32)
    language = models.CharField(max_length=16, blank=True)  # a tag; none: all of them
    subject = models.CharField(max_length=500)
    body = models.TextField(blank=True)
    secret = models.CharField(
        max_length=200, blank=True
    )  # stands in the body when it is sent, and nowhere then
    state = models.CharField(max_length=8, choices=choices(STATES), default=WAITING)
    due = models.DateTimeField()
    made = models.DateTimeField(default=timezone.now)
    # Whoever sends it says so first; long after that, somebody else may take it up.
    claimed = models.DateTimeField(null=True)
    sent = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)  # of the last failure

    class Meta:
        ordering = ("-made", "-pk")
        indexes = (
            models.Index(fields=("state", "due"), name="letter_due"),
            models.Index(fields=("edition", "-made"), name="letter_outbox"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"


class Preference(models.Model):
    """Which letters a person gets, when and in what language. Without a row: all, at once, in all languages."""

    AT_ONCE, DAILY, NEVER = LETTERS = ("at_once", "daily", "never")

    person = models.OneToOneField(Person, models.CASCADE, related_name="preference")
    letters = models.CharField(max_length=8, choices=choices(LETTERS), default=AT_ONCE)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=16, blank=True)  # a tag; none: all of them

    def __str__(self) -> str:
        return f"{self.person_id} {self.letters}"

    def after_quiet(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours it falls into; they may go over midnight."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return moment
        here = moment.astimezone(ZoneInfo(self.time_zone))
        now = here.time()
        quiet = start <= now < end if start < end else now >= start or now < end
        return self._at(here, end) if quiet else moment

    def next_morning(self, moment: datetime) -> datetime:
        """When the next letter of the day goes out."""
        return self.after_quiet(self._at(moment.astimezone(ZoneInfo(self.time_zone)), MORNING))

    def _at(self, here: datetime, clock: time) -> datetime:
        """The next time that the clock there shows this."""
        day = here.date() if here.time() < clock else here.date() + timedelta(days=1)
        return datetime.combine(day, clock, here.tzinfo).astimezone(ZoneInfo("UTC"))
