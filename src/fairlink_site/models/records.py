"""What happened at the expo and what came of it. Read only here until each has its own pages."""

from __future__ import annotations

from django.db import models

from fairlink import expo
from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Chain, Edition, Node
from fairlink_site.models.organisations import Organisation


class Activity(models.Model):
    """A forum, matchmaking session, roadshow, signing, launch or training."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="activities")
    code = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=choices(expo.ACTIVITY_KINDS))
    name = models.JSONField()
    day = models.DateField()
    start = models.TimeField()
    end = models.TimeField()
    hall = models.CharField(max_length=64, blank=True)
    chain = models.ForeignKey(Chain, models.SET_NULL, null=True, related_name="activities")
    capacity = models.PositiveIntegerField(default=0)
    attended = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("day", "start", "code")
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="activity_code"),)

    def __str__(self) -> str:
        return self.code


class Debut(models.Model):
    """Something shown for the first time."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="debuts")
    code = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="debuts")
    kind = models.CharField(max_length=16, choices=choices(expo.DEBUT_KINDS))
    name = models.JSONField()
    scope = models.CharField(max_length=16, choices=choices(expo.DEBUT_SCOPES))
    node = models.ForeignKey(Node, models.SET_NULL, null=True, related_name="debuts")
    day = models.DateField()
    evidence = models.CharField(max_length=16, choices=choices(expo.EVIDENCE))

    class Meta:
        ordering = ("day", "code")
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="debut_code"),)

    def __str__(self) -> str:
        return self.code


class Publication(models.Model):
    """A report, declaration or standard."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="publications")
    code = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=choices(expo.PUBLICATION_KINDS))
    name = models.JSONField()
    issuers = models.JSONField()
    languages = models.JSONField(default=list)
    day = models.DateField()

    class Meta:
        ordering = ("day", "code")
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="publication_code"),)

    def __str__(self) -> str:
        return self.code


class Agreement(models.Model):
    """What parties agreed, as far as it has come."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="agreements")
    code = models.CharField(max_length=64)
    type = models.CharField(max_length=64)
    stage = models.CharField(max_length=32, choices=choices(expo.AGREEMENT_STAGES))
    name = models.JSONField()
    parties = models.ManyToManyField(Organisation, through="AgreementParty", related_name="agreements")
    day = models.DateField()
    amount = models.DecimalField(max_digits=26, decimal_places=10, null=True)
    currency = models.CharField(max_length=3, blank=True)
    basis = models.CharField(max_length=16, choices=choices(expo.BASES))
    realised = models.DecimalField(max_digits=26, decimal_places=10, null=True)
    node = models.ForeignKey(Node, models.SET_NULL, null=True, related_name="agreements")
    evidence = models.CharField(max_length=16, choices=choices(expo.EVIDENCE))

    class Meta:
        ordering = ("day", "code")
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="agreement_code"),)

    def __str__(self) -> str:
        return self.code


class AgreementParty(models.Model):
    """One party of an agreement, and whether it has confirmed."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="agreement_parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreement_parties")
    position = models.PositiveSmallIntegerField()
    confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("agreement", "organisation"), name="party_once"),)

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.organisation_id}"


class Figure(models.Model):
    """One number of the edition as it was last counted; its words stand in the catalogue."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="figures")
    code = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=24, decimal_places=6)
    unit = models.CharField(max_length=16)
    rows = models.JSONField(default=list)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("edition", "code"), name="figure_code"),)

    def __str__(self) -> str:
        return self.code
