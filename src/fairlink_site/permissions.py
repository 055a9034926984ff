"""Who may do what: small predicates on a person and a thing, joined with & and |. All of them stand here."""

from __future__ import annotations

from typing import Any

import rules

from fairlink_site.models import Edition, Organisation


@rules.predicate
def in_sample(person: Any, thing: Edition | Organisation) -> bool:
    """Whether everything there is invented."""
    return _edition(thing).sample


@rules.predicate
def organises(person: Any, thing: Edition | Organisation) -> bool:
    """Whether the person is an organiser of the edition."""
    if not person.is_authenticated:
        return False
    return bool(person.memberships.filter(edition=_edition(thing), role="organiser").exists())


@rules.predicate
def belongs(person: Any, organisation: Organisation) -> bool:
    """Whether the person takes part for the organisation."""
    return bool(person.is_authenticated and person.memberships.filter(organisation=organisation).exists())


def _edition(thing: Edition | Organisation) -> Edition:
    return thing if isinstance(thing, Edition) else thing.edition


see_partners = in_sample | organises | belongs  # of an organisation: suggestions and its timetable
see_timetable = in_sample | organises  # of the whole edition
manage_people = organises
