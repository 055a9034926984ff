"""Who may do what: small predicates on a person and a thing, joined with & and |. All of them stand here."""

from __future__ import annotations

from typing import Any

import rules

from fairlink_site.models import Edition, Organisation
from fairlink_site.models.meetings import TOLD
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.models.wishes import WISHING


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
def reviews(person: Any, thing: Edition | Organisation) -> bool:
    """Whether the person is a reviewer of the edition."""
    if not person.is_authenticated:
        return False
    return bool(person.memberships.filter(edition=_edition(thing), role="reviewer").exists())


@rules.predicate
def works_in_hall(person: Any, thing: Edition | Organisation) -> bool:
    """Whether the person is hall staff of the edition."""
    if not person.is_authenticated:
        return False
    return bool(person.memberships.filter(edition=_edition(thing), role="hall").exists())


@rules.predicate
def belongs(person: Any, organisation: Organisation) -> bool:
    """Whether the person takes part for the organisation."""
    return bool(person.is_authenticated and person.memberships.filter(organisation=organisation).exists())


@rules.predicate
def takes_part(person: Any, thing: Edition | Organisation) -> bool:
    """Whether the person is anything at all in the edition."""
    return bool(person.is_authenticated and person.memberships.filter(edition=_edition(thing)).exists())


@rules.predicate
def opens(person: Any, thing: Any) -> bool:
    """Whether the person may open editions."""
    return bool(person.is_authenticated and person.opener)


def in_phase(*phases: str) -> Any:
    """Whether the edition is in one of some phases."""
    return rules.predicate(  # type: ignore[no-untyped-call]
        lambda person, thing: _edition(thing).phase in phases, name=f"in_{'_'.join(phases)}"
    )


@rules.predicate
def is_validated(person: Any, organisation: Organisation) -> bool:
    return organisation.status == VALIDATED


def _edition(thing: Edition | Organisation) -> Edition:
    return thing if isinstance(thing, Edition) else thing.edition


open_edition = opens
see_edition = ~in_phase("draft") | takes_part | opens
see_organisation = is_validated | organises | belongs
see_partners = in_sample | organises | (belongs & in_phase("matching", *TOLD))  # whom it should meet
see_calendar = in_sample | organises | (belongs & in_phase(*TOLD))  # an organisation's own timetable
keep_calendar = organises | (belongs & in_phase(*TOLD))  # what it says of its meetings
keep_people = organises | belongs  # which seat is whose, and who speaks what
see_timetable = in_sample | organises  # of the whole edition
register = in_phase("registration", "matching")  # newcomers; late ones are matched with the next run
wish = belongs & is_validated & in_phase(*WISHING)  # to meet somebody
see_wishes = belongs & in_phase(
    "matching", *TOLD
)  # what organisations write to one another is no organiser's
edit_organisation = organises | (belongs & in_phase("registration", "matching"))
review = organises | reviews
manage_edition = organises
work_in_hall = organises | works_in_hall  # the board, check-in, repairs; nothing else of the edition
manage_people = organises
