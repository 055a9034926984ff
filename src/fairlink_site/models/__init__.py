"""Rows; nothing above them."""

from fairlink_site.models.editions import Chain, Edition, Interpreter, Node, Place, Slot
from fairlink_site.models.meetings import (
    Arrival,
    Meeting,
    Seat,
    SignUp,
    TimetableEvent,
    UnplacedMeeting,
)
from fairlink_site.models.messages import Letter, Notice, Preference
from fairlink_site.models.organisations import Certificate, Listing, Organisation, Review
from fairlink_site.models.people import Consent, Invitation, Membership, Person
from fairlink_site.models.records import Activity, Agreement, AgreementParty, Debut, Figure, Publication
from fairlink_site.models.runs import PassedOver, Run, Suggestion
from fairlink_site.models.wishes import Exclusion, Wish, WishMessage
from fairlink_site.models.work import Import, Job, Mapping

__all__ = [
    "Activity",
    "Agreement",
    "AgreementParty",
    "Arrival",
    "Certificate",
    "Chain",
    "Consent",
    "Debut",
    "Edition",
    "Exclusion",
    "Figure",
    "Import",
    "Interpreter",
    "Invitation",
    "Job",
    "Letter",
    "Listing",
    "Mapping",
    "Meeting",
    "Membership",
    "Node",
    "Notice",
    "Organisation",
    "PassedOver",
    "Person",
    "Place",
    "Preference",
    "Publication",
    "Review",
    "Run",
    "Seat",
    "SignUp",
    "Slot",
    "Suggestion",
    "TimetableEvent",
    "UnplacedMeeting",
    "Wish",
    "WishMessage",
]
