"""Rows; nothing above them."""

from fairlink_site.models.editions import Chain, Edition, Node, Place, Slot
from fairlink_site.models.organisations import Listing, Organisation, Wish
from fairlink_site.models.people import Invitation, Membership, Person
from fairlink_site.models.records import Activity, Agreement, AgreementParty, Debut, Figure, Publication
from fairlink_site.models.runs import Meeting, Run, Seat, Suggestion, UnplacedMeeting

__all__ = [
    "Activity",
    "Agreement",
    "AgreementParty",
    "Chain",
    "Debut",
    "Edition",
    "Figure",
    "Invitation",
    "Listing",
    "Meeting",
    "Membership",
    "Node",
    "Organisation",
    "Person",
    "Place",
    "Publication",
    "Run",
    "Seat",
    "Slot",
    "Suggestion",
    "UnplacedMeeting",
    "Wish",
]
