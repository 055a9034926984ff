"""People, what they are in which edition, and who has been invited."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Edition
from fairlink_site.models.organisations import Organisation

ROLES = ("organiser", "exhibitor", "visitor", "reviewer", "analyst", "hall")
OF_ORGANISATIONS = ("exhibitor", "visitor")  # roles that somebody has for an organisation


class People(BaseUserManager["Person"]):
    """Makes people; the password may come later."""

    def create_user(self, email: str, password: str | None = None, **facts: Any) -> Person:
        person = self.model(email=self.normalize_email(email), **facts)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody with an account, known by an e-mail address. Global: editions are joined by memberships."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    opener = models.BooleanField(default=False)  # may open editions
    joined = models.DateTimeField(auto_now_add=True)

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="one_person_per_address"),)

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """What a person is in an edition, perhaps for an organisation."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="memberships")
    role = models.CharField(max_length=16, choices=choices(ROLES))
    signatory = models.BooleanField(default=False)  # may sign agreements for the organisation
    contact = models.BooleanField(default=False)  # shown with the organisation, with the person's consent
    delegate = models.PositiveSmallIntegerField(
        null=True
    )  # which seat of the organisation's is theirs, from 0
    languages = models.JSONField(default=list)  # in which the person can hold a meeting
    feed = models.PositiveSmallIntegerField(
        default=0
    )  # number of the calendar's secret address; a new one ends it
    since = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("role", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "edition", "organisation", "role"),
                name="member_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=("organisation", "delegate"),
                condition=models.Q(delegate__isnull=False),
                name="one_delegate",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=OF_ORGANISATIONS, organisation__isnull=False)
                | models.Q(~models.Q(role__in=OF_ORGANISATIONS), organisation__isnull=True),
                name="role_fits_organisation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Consent(models.Model):
    """What a person agreed to: which text, in which version and language; and whether it still holds."""

    KINDS = ("terms", "contact")

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    edition = models.ForeignKey(Edition, models.CASCADE, null=True, related_name="consents")
    kind = models.CharField(max_length=16, choices=choices(KINDS))
    version = models.CharField(max_length=16)
    language = models.CharField(max_length=16)
    given = models.DateTimeField(auto_now_add=True)
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-given", "-pk")

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.version}"


class Invitation(models.Model):
    """Somebody is asked to join; the letter holds a token of which only the hash is kept."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(max_length=16, choices=choices(ROLES))
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made",)

    def __str__(self) -> str:
        return f"{self.email} {self.role}"
