"""What organisations say about meeting one another, what became of it, and whom the organiser keeps apart."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from simple_history.models import HistoricalRecords

from fairlink import expo
from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Edition
from fairlink_site.models.organisations import VALIDATED, Organisation
from fairlink_site.models.people import Person

NEVER = "never"
WISHING = ("matching", "published", "running")  # phases in which wishes are sent and answered
PENDING, ACCEPTED, DECLINED, EXPIRED, WITHDRAWN = expo.ANSWERS
AGREED = ("", ACCEPTED)  # nobody was asked, since an organiser brought it; or somebody was and said yes


class Wishes(models.QuerySet[Any]):
    """Wishes of an edition or an organisation."""

    def waiting(self, now: datetime) -> Wishes:
        """Those that can still be answered."""
        return self.filter(answer=PENDING, due__gt=now)

    def heard(self) -> Wishes:
        """As those see them who are asked: without those of senders not to be seen, or whom they never want to meet.

        What was agreed stays, also while the sender's entry is looked at again.
        """
        seen = models.Q(organisation__status=VALIDATED) | models.Q(answer=ACCEPTED)
        return self.filter(seen).exclude(kind=NEVER).exclude(self._unwanted())

    def unheard(self) -> Wishes:
        """Those to somebody who never wants to meet the sender, and is not asked."""
        return self.exclude(kind=NEVER).filter(self._unwanted())

    def _unwanted(self) -> Any:
        never = Wish.objects.filter(
            organisation=models.OuterRef("partner"), partner=models.OuterRef("organisation"), kind=NEVER
        )
        return models.Exists(never)


class Wish(models.Model):
    """What one organisation said about meeting another: one row for each direction, the last word said."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="wishes")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="wishes_out")
    partner = models.ForeignKey(Organisation, models.CASCADE, related_name="wishes_in")
    kind = models.CharField(max_length=16, choices=choices(expo.WISH_KINDS))
    answer = models.CharField(max_length=16, choices=choices(expo.ANSWERS), blank=True)
    group = models.CharField(max_length=64, blank=True)  # of its organisation's wishes in one, some are held
    choose = models.PositiveSmallIntegerField(default=1)  # how many of the group at most
    sent = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)  # until when it waits for an answer
    answered = models.DateTimeField(null=True)  # when it ceased to wait, however that came
    warned = models.DateTimeField(null=True)  # when whoever should answer was reminded

    objects: ClassVar[Any] = Wishes.as_manager()
    history = HistoricalRecords(excluded_fields=["warned"])

    class Meta:
        ordering = ("-sent", "-pk")
        constraints = (models.UniqueConstraint(fields=("organisation", "partner"), name="wish_once"),)
        indexes = (
            models.Index(fields=("answer", "due"), name="wish_due"),
            models.Index(fields=("partner", "answer"), name="wish_in"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.partner_id}"

    def standing(self, now: datetime | None = None) -> str:
        """Its answer; one that waits past its day has expired, whether or not anybody has written that down."""
        late = self.answer == PENDING and self.due is not None and self.due <= (now or timezone.now())
        return EXPIRED if late else self.answer

    def last_day(self, edition: Edition) -> date | None:
        """The day on which it can still be answered, where the expo is."""
        return self.due.astimezone(ZoneInfo(edition.time_zone)).date() if self.due else None


class Exclusions(models.QuerySet[Any]):
    """Pairs of an edition that are kept apart."""

    def of(self, organisation: Organisation) -> Exclusions:
        """Those that one organisation is in."""
        return self.filter(models.Q(organisation=organisation) | models.Q(partner=organisation))

    def between(self, one: Organisation, other: Organisation) -> Exclusions:
        """The one of these two, whichever of them was named first."""
        return self.of(one) & self.of(other)

    def others(self, organisation: Organisation) -> set[int]:
        """Keys of all from whom one organisation is kept apart."""
        pairs = self.of(organisation).values_list("organisation", "partner")
        return {key for pair in pairs for key in pair} - {organisation.pk}


class Exclusion(models.Model):
    """Two organisations that the organiser does not bring together. Participants learn nothing of it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="exclusions")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="exclusions_out")
    partner = models.ForeignKey(Organisation, models.CASCADE, related_name="exclusions_in")
    reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = Exclusions.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ("organisation__code", "partner__code")
        constraints = (
            models.UniqueConstraint(
                Least("organisation", "partner"), Greatest("organisation", "partner"), name="apart_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} – {self.partner_id}"


class WishMessage(models.Model):
    """What somebody wrote with a wish, or with the answer to it. It leaves with them."""

    LONGEST = 600  # characters

    wish = models.ForeignKey(Wish, models.CASCADE, related_name="messages")
    person = models.ForeignKey(Person, models.CASCADE, related_name="wish_messages")
    reply = models.BooleanField(default=False)
    text = models.CharField(max_length=LONGEST)
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("wish", "reply"), name="one_message_a_side"),)

    def __str__(self) -> str:
        return f"{self.wish_id} {self.person_id}"
