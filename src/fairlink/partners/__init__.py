"""Whom to meet, and why: both sides gain, and nobody is forgotten."""

from fairlink.partners.explanations import REASONS, Reason, reasons
from fairlink.partners.gains import Scores, scores
from fairlink.partners.suggestions import Measures, Suggestions, recommend, wanted

__all__ = [
    "REASONS",
    "Measures",
    "Reason",
    "Scores",
    "Suggestions",
    "reasons",
    "recommend",
    "scores",
    "wanted",
]
