"""A no with its reason: normal life, not an error. Actions raise it as a code; here it gets its words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "organisation_missing": _("Somebody with this role takes part for an organisation: choose it."),
    "organisation_superfluous": _("This role is for the whole edition: leave the organisation empty."),
    "other_edition": _("The organisation belongs to another edition."),
    "member_already": _("This person has the role already."),
    "invitation_used": _("This invitation has been used. Sign in to see what you belong to."),
    "invitation_expired": _("This invitation has expired. Ask the organiser for a new one."),
    "other_address": _(
        "This invitation is for another e-mail address. Sign in with the address it was sent to."
    ),
    "reserved_id": _(
        "An edition cannot have this id: the address is taken. Choose another, such as expo-2027."
    ),
    "not_a_backup": _("This file is no backup of Fairlink, or it cannot be opened."),
    "damaged_backup": _("The backup is damaged: what it holds is not what was written. Nothing was changed."),
    "other_schema": _("The backup was made by another version of Fairlink. Restore it with that version."),
    "not_empty": _("The database is not empty. Say --replace to throw away what it holds."),
    "last_organiser": _("An edition needs an organiser. Appoint somebody else first."),
}


class Refused(Exception):
    """An action was refused; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def words(self) -> str | Promise:
        return WORDS[self.code]
