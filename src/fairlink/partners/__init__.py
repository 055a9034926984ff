"""Whom to meet, and why: both sides gain, and nobody is forgotten."""

from fairlink.partners.audit import GroupShare, Measures
from fairlink.partners.explanations import REASONS, Reason, reasons
from fairlink.partners.gains import Scores, scores
from fairlink.partners.newcomers import Standing, standing, welcome
from fairlink.partners.passed_over import PassedOver, passed_over
from fairlink.partners.prospects import ADVICE, Prospects, prospects
from fairlink.partners.suggestions import Suggestions, possible, recommend, wanted

__all__ = [
    "ADVICE",
    "REASONS",
    "GroupShare",
    "Measures",
    "PassedOver",
    "Prospects",
    "Reason",
    "Scores",
    "Standing",
    "Suggestions",
    "passed_over",
    "possible",
    "prospects",
    "reasons",
    "recommend",
    "scores",
    "standing",
    "wanted",
    "welcome",
]
