"""Who takes part, and what they offer and need."""

from __future__ import annotations

from django.db import models

from fairlink import expo
from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Edition, Node


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
    certificates = models.JSONField(default=list)
    delegates = models.PositiveSmallIntegerField(default=1)
    meeting_cap = models.PositiveSmallIntegerField(null=True)
    online = models.BooleanField(default=False)
    closed = models.JSONField(default=list)
    website = models.CharField(max_length=300, blank=True)
    description = models.JSONField(default=dict)
    # What a search looks in: normal forms of words, and pairs of characters where there are no spaces.
    tokens = models.TextField(blank=True)

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="organisation_code"),)
        indexes = (
            models.Index(fields=("edition", "country"), name="organisation_country"),
            models.Index(fields=("edition", "kind"), name="organisation_kind"),
            models.Index(fields=("edition", "size"), name="organisation_size"),
        )

    def __str__(self) -> str:
        return self.code


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
    codes = models.JSONField(default=list)
    node = models.ForeignKey(Node, models.SET_NULL, null=True, related_name="listings")
    quantity = models.CharField(max_length=120, blank=True)
    markets = models.JSONField(default=list)
    certificates = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    sizes = models.JSONField(default=list)
    incoterms = models.JSONField(default=list)

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("edition", "side", "code"), name="listing_code"),)

    def __str__(self) -> str:
        return self.code


class Wish(models.Model):
    """What one organisation said about meeting another."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="wishes")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="wishes_out")
    partner = models.ForeignKey(Organisation, models.CASCADE, related_name="wishes_in")
    kind = models.CharField(max_length=16, choices=choices(expo.WISH_KINDS))

    class Meta:
        constraints = (models.UniqueConstraint(fields=("organisation", "partner"), name="wish_once"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.partner_id}"
