"""Who takes part, and what they offer and need."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from fairlink import expo
from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Edition, Node

# What is told to the organiser and has been looked at. Others see what is validated, and nothing else.
STATUSES = ("draft", "submitted", "changes", "refused", "validated")
DRAFT = STATUSES[0]
VALIDATED = "validated"


class Reviewed(models.QuerySet[Any]):
    """Rows that somebody validates before others see them."""

    def visible(self) -> Reviewed:
        return self.filter(status=VALIDATED)


class Organisations(Reviewed):
    """Organisations of an edition."""

    def taken_over(self, edition: Edition) -> Organisations:
        """Those that nobody takes part for and that are drafts, or validated with offers or needs that are drafts."""
        listed = Listing.objects.filter(edition=edition, status=DRAFT, organisation__status=VALIDATED)
        with_people = edition.memberships.exclude(organisation=None).values("organisation")
        drafts = models.Q(status=DRAFT) | models.Q(pk__in=listed.values("organisation"))
        return self.filter(drafts).exclude(pk__in=with_people)


class Listings(Reviewed):
    """Offers and needs; one of an organisation that is not validated, or that has run out, is not visible either."""

    def visible(self) -> Listings:
        return self.valid().filter(status=VALIDATED, organisation__status=VALIDATED)

    def valid(self) -> Listings:
        """Those that have not run out by the opening day."""
        return self.filter(models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("edition__start")))


class Organisation(models.Model):
    """An enterprise, university, institute, association, agency or financier at one edition."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="organisations")
    code = models.CharField(max_length=64)
    name = models.JSONField()
    kind = models.CharField(max_length=16, choices=choices(expo.KINDS))
    size = models.CharField(max_length=16, choices=choices(expo.SIZES), blank=True)
    country = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=choices(expo.ROLES))
    main = models.ForeignKey("self", models.PROTECT, null=True, related_name="co_exhibitors")
    nodes = models.ManyToManyField(Node, related_name="organisations")
    languages = models.JSONField(default=list)
    markets = models.JSONField(default=list)
    delegates = models.PositiveSmallIntegerField(default=1)
    meeting_cap = models.PositiveSmallIntegerField(null=True)
    online = models.BooleanField(default=False)
    closed = models.JSONField(default=list)
    website = models.CharField(max_length=300, blank=True)
    description = models.JSONField(default=dict)
    lei = models.CharField(max_length=20, blank=True)
    registration = models.CharField(max_length=40, blank=True)
    delegation = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=16, choices=choices(STATUSES), default=STATUSES[0])
    # When it was sent in: the queue is worked in this order.
    submitted = models.DateTimeField(null=True)
    predecessor = models.ForeignKey("self", models.SET_NULL, null=True, related_name="successors")
    # What a search looks in: normal forms of words, and pairs of characters where there are no spaces.
    tokens = models.TextField(blank=True)

    objects: ClassVar[Any] = Organisations.as_manager()
    history = HistoricalRecords(m2m_fields=[nodes], excluded_fields=["tokens"])

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="organisation_code"),)
        indexes = (
            models.Index(fields=("edition", "status"), name="organisation_status"),
            models.Index(fields=("edition", "country"), name="organisation_country"),
            models.Index(fields=("edition", "kind"), name="organisation_kind"),
            models.Index(fields=("edition", "size"), name="organisation_size"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def attended(self) -> bool:
        """Whether somebody takes part for it: their drafts are theirs alone."""
        return self.memberships.exists()


class Certificate(models.Model):
    """A certificate that an organisation says it holds, and how far that is known."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="certificates")
    name = models.CharField(max_length=120)
    issuer = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=64, blank=True)
    expires = models.DateField(null=True)
    evidence = models.CharField(max_length=16, choices=choices(expo.EVIDENCE), default=expo.EVIDENCE[0])
    history = HistoricalRecords()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("organisation", "name"), name="certificate_once"),)

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """An offer or a need."""

    SIDES = (("offer", "offer"), ("need", "need"))

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="listings")
    side = models.CharField(max_length=5, choices=SIDES)
    code = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="listings")
    function = models.CharField(max_length=16, choices=choices(expo.FUNCTIONS))
    title = models.JSONField()
    summary = models.JSONField(default=dict)
    description = models.JSONField(default=dict)
    codes = models.JSONField(default=list)
    node = models.ForeignKey(Node, models.SET_NULL, null=True, related_name="listings")
    quantity = models.CharField(max_length=120, blank=True)
    price = models.CharField(max_length=120, blank=True)
    markets = models.JSONField(default=list)
    certificates = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    sizes = models.JSONField(default=list)
    incoterms = models.JSONField(default=list)
    partnerships = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    valid_until = models.DateField(null=True)
    advantages = models.JSONField(default=dict)  # of an offer
    expertise = models.JSONField(default=dict)  # of a need
    development = models.CharField(max_length=16, choices=choices(expo.DEVELOPMENT), blank=True)
    rights = models.CharField(max_length=16, choices=choices(expo.RIGHTS), blank=True)
    status = models.CharField(max_length=16, choices=choices(STATUSES), default=STATUSES[0])
    submitted = models.DateTimeField(null=True)

    objects: ClassVar[Any] = Listings.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("edition", "side", "code"), name="listing_code"),)
        indexes = (models.Index(fields=("edition", "status"), name="listing_status"),)

    def __str__(self) -> str:
        return self.code


class Review(models.Model):
    """What the organiser said of an organisation or a listing: the four criteria, a verdict, and why."""

    # After the external review of Enterprise Europe Network profiles, each 0-5.
    CRITERIA = ("advantages", "clarity", "expectations", "language")
    VERDICTS = ("validated", "changes", "refused")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="reviews")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="reviews")
    listing = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="reviews")
    verdict = models.CharField(max_length=16, choices=choices(VERDICTS))
    scores = models.JSONField(default=dict)
    reason = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey("Person", models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-made", "-pk")

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.verdict}"
