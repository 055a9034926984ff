"""What we keep about people, field by field: what for, how long, and whether they can take it with them.

Every field of every table that points at a person stands here; a test fails for one that does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairlink_site.models import Membership, Organisation, Person, Seat

PURPOSES = {
    "account": _("to let you in and to write to you"),
    "safety": _("to keep your account safe"),
    "provider": _("to let you in with the account of your organisation"),
    "membership": _("to know what you belong to and may see"),
    "invitation": _("to invite you"),
    "consent": _("to know what you agreed to"),
    "trail": _("to know who changed what"),
    "message": _("to tell you what concerns you"),
    "wish": _("to show a partner what you wrote with a wish to meet, or with the answer"),
}
KEPT = {
    "account": _("until you erase your account"),
    "session": _("until you sign out, 14 days at the most"),
    "wish": _("until you erase your account, else for 180 days after the expo"),
    "invitation": _("until you erase your account, else with the edition"),
    "message": _(
        "until you erase your account; notices that you have read and texts of letters sent for 180 days"
    ),
}


class Table(NamedTuple):
    """A table with rows about people: how to find a person's rows, and its fields with their purposes."""

    owner: str  # lookups from a row to its person or to their address, a blank between them
    kept: str
    fields: dict[str, str]
    secret: tuple[str, ...] = ()  # fields that are no use outside, and a danger

    @property
    def exported(self) -> list[str]:
        return [name for name in self.fields if name not in self.secret]


REGISTRY = {
    "fairlink.Person": Table(
        "pk",
        "account",
        {
            "id": "account",
            "email": "account",
            "name": "account",
            "password": "account",
            "is_active": "account",
            "opener": "membership",
            "joined": "account",
            "last_login": "safety",
        },
        secret=("password",),
    ),
    "fairlink.Membership": Table(
        "person",
        "account",
        dict.fromkeys(
            (
                *("id", "person", "edition", "organisation", "role", "signatory", "contact", "since"),
                *("delegate", "languages", "feed"),
            ),
            "membership",
        ),
        secret=("feed",),
    ),
    "fairlink.HistoricalMembership": Table(
        "person",
        "account",
        dict.fromkeys(
            (
                *("id", "person", "edition", "organisation", "role", "signatory", "contact", "since"),
                *("delegate", "languages", "feed"),
            ),
            "membership",
        )
        | dict.fromkeys(
            ("history_id", "history_date", "history_change_reason", "history_type", "history_user"), "trail"
        ),
        secret=("history_user", "feed"),
    ),
    "fairlink.Consent": Table(
        "person",
        "account",
        dict.fromkeys(
            ("id", "person", "edition", "kind", "version", "language", "given", "withdrawn"), "consent"
        ),
    ),
    "fairlink.Invitation": Table(
        "email__iexact",
        "invitation",
        dict.fromkeys(
            (
                *("id", "edition", "organisation", "email", "role", "token_hash"),
                *("invited_by", "made", "expires", "accepted"),
            ),
            "invitation",
        ),
        secret=("token_hash", "invited_by"),
    ),
    "fairlink.Notice": Table(
        "person",
        "message",
        dict.fromkeys(("id", "person", "edition", "kind", "data", "path", "made", "read"), "message"),
    ),
    "fairlink.Letter": Table(
        "person to__iexact",
        "message",
        dict.fromkeys(
            (
                *("id", "edition", "person", "notice", "within", "to", "kind", "language", "subject", "body"),
                *("secret", "state", "due", "made", "claimed", "sent", "attempts", "reason"),
            ),
            "message",
        ),
        secret=("secret",),
    ),
    "fairlink.Preference": Table(
        "person",
        "account",
        dict.fromkeys(
            ("id", "person", "letters", "quiet_from", "quiet_until", "time_zone", "language"), "message"
        ),
    ),
    "fairlink.WishMessage": Table(
        "person", "wish", dict.fromkeys(("id", "wish", "person", "reply", "text", "made"), "wish")
    ),
    "account.EmailAddress": Table(
        "user", "account", dict.fromkeys(("id", "user", "email", "verified", "primary"), "account")
    ),
    "account.EmailConfirmation": Table(
        "email_address__user",
        "account",
        dict.fromkeys(("id", "email_address", "created", "sent", "key"), "account"),
        secret=("key",),
    ),
    "socialaccount.SocialAccount": Table(
        "user",
        "account",
        dict.fromkeys(
            ("id", "user", "provider", "uid", "last_login", "date_joined", "extra_data"), "provider"
        ),
    ),
    "socialaccount.SocialToken": Table(
        "account__user",
        "account",
        dict.fromkeys(("id", "app", "account", "token", "token_secret", "expires_at"), "provider"),
        secret=("token", "token_secret"),
    ),
    "mfa.Authenticator": Table(
        "user",
        "account",
        dict.fromkeys(("id", "user", "type", "data", "created_at", "last_used_at"), "safety"),
        secret=("data",),
    ),
    "usersessions.UserSession": Table(
        "user",
        "session",
        dict.fromkeys(
            ("id", "user", "created_at", "ip", "last_seen_at", "session_key", "user_agent", "data"), "safety"
        ),
        secret=("session_key", "data"),
    ),
}


class Thing(NamedTuple):
    """What we keep, as people call it: its name, what it holds, its tables, and the page to see and mend it."""

    name: str | Promise
    holds: str | Promise
    tables: tuple[str, ...]
    page: str = ""

    @property
    def purposes(self) -> list[str | Promise]:
        fields = [one for label in self.tables for one in REGISTRY[label].fields.values()]
        return [PURPOSES[one] for one in dict.fromkeys(fields)]

    @property
    def kept(self) -> list[str | Promise]:
        return [KEPT[one] for one in dict.fromkeys(REGISTRY[label].kept for label in self.tables)]


THINGS = (
    Thing(
        _("Account"),
        _(
            "Your e-mail addresses, your name, your password in a form that nobody can read, "
            "when you signed up and when you last signed in."
        ),
        ("fairlink.Person", "account.EmailAddress", "account.EmailConfirmation"),
        "account_email",
    ),
    Thing(
        _("Passkeys and second factor"),
        _("What you sign in with beside a password, and when you last used it."),
        ("mfa.Authenticator",),
        "mfa_index",
    ),
    Thing(
        _("Accounts elsewhere"),
        _("Which accounts of your organisation can sign you in, and what their provider says of you."),
        ("socialaccount.SocialAccount", "socialaccount.SocialToken"),
        "socialaccount_connections",
    ),
    Thing(
        _("Where I am signed in"),
        _("The browsers that you are signed in with, their network addresses, and since when."),
        ("usersessions.UserSession",),
        "usersessions_list",
    ),
    Thing(
        _("What I belong to"),
        _(
            "The editions and organisations that you belong to, your role, whether you may sign for the organisation, "
            "whether you are shown as its contact, which seat of its meetings is yours and in which languages you can "
            "hold one; and how this was before."
        ),
        ("fairlink.Membership", "fairlink.HistoricalMembership"),
        "me",
    ),
    Thing(
        _("Consent"),
        _("What you agreed to, when, and whether you took it back."),
        ("fairlink.Consent",),
    ),
    Thing(
        _("Invitations"),
        _("Invitations that were sent to your e-mail address, to what, and whether you accepted."),
        ("fairlink.Invitation",),
    ),
    Thing(
        _("Words to partners"),
        _("What you wrote to another organisation when you asked for a meeting, or answered."),
        ("fairlink.WishMessage",),
    ),
    Thing(
        _("Messages and letters"),
        _("What you were told on the site and by letter, and how you want your letters."),
        ("fairlink.Notice", "fairlink.Letter", "fairlink.Preference"),
        "inbox",
    ),
)

# Tables in which people stand only as those who did something; their names leave with them, the deed stays.
DEEDS = {
    **{
        f"fairlink.Historical{name}": "history_user"
        for name in (
            "Certificate",
            "Chain",
            "Edition",
            "Exclusion",
            "Interpreter",
            "Listing",
            "Node",
            "Organisation",
            "Place",
            "Slot",
            "Wish",
        )
    },
    "fairlink.Review": "by",
    "fairlink.Job": "by",
    "fairlink.Import": "by",
    "fairlink.TimetableEvent": "by",
    "fairlink.Arrival": "by",
    "fairlink.SignUp": "by",
}


def rows(person: Person, label: str) -> QuerySet[Any]:
    """A person's rows in one table."""
    model: type[Model] = apps.get_model(label)
    owners = {
        owner: person.email if owner.partition("__")[0] in ("email", "to") else person.pk
        for owner in REGISTRY[label].owner.split()
    }
    theirs = Q(**owners, _connector=Q.OR)
    return model._base_manager.filter(theirs)  # noqa: SLF001  every row, whatever a manager hides


def things(person: Person) -> list[Thing]:
    """What there is of a person, and nothing that is empty."""
    return [one for one in THINGS if any(rows(person, label).exists() for label in one.tables)]


def unattended(person: Person) -> QuerySet[Organisation]:
    """The organisations that nobody but this person takes part for."""
    others = Membership.objects.filter(organisation=OuterRef("pk")).exclude(person=person)
    alone = Organisation.objects.filter(~Exists(others), memberships__person=person)
    return alone.select_related("edition").distinct()


def collect(person: Person) -> Iterator[tuple[str, Table, list[dict[str, Any]]]]:
    """Everything we keep about a person that they can take with them: table, what it is for, rows."""
    for label, table in REGISTRY.items():
        yield label, table, list(rows(person, label).values(*table.exported))


def meeting_notes(person: Person) -> list[dict[str, Any]]:
    """What the organisations of a person noted of their meetings, and said came of them: colleagues share it."""
    mine = Organisation.objects.filter(memberships__person=person).values("pk")
    seats = Seat.objects.filter(organisation__in=mine).exclude(notes="", outcome="").order_by("pk")
    return [
        dict(row) for row in seats.values("meeting", "organisation__code", "delegate", "outcome", "notes")
    ]


def deeds(person: Person) -> Iterator[tuple[str, int]]:
    """Each table in which something stands in a person's name, and how much."""
    for label, field in DEEDS.items():
        yield label, apps.get_model(label)._base_manager.filter(**{field: person}).count()  # noqa: SLF001


def forget_deeds(person: Person) -> None:
    """Take a person's name out of what they did."""
    for label, field in DEEDS.items():
        model = apps.get_model(label)
        model._base_manager.filter(**{field: person}).update(**{field: None})  # noqa: SLF001
