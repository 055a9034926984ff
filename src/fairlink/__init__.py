"""Fairlink: supply chains as chains of win-win cooperation. Arrays in, arrays out."""

from fairlink import chain, files, meetings, partners, report
from fairlink.errors import BadArray, BadExpo, FairlinkError, Problem
from fairlink.expo import Expo, Wanted
from fairlink.provenance import VERSION, Provenance

__all__ = [
    "VERSION",
    "BadArray",
    "BadExpo",
    "Expo",
    "FairlinkError",
    "Problem",
    "Provenance",
    "Wanted",
    "chain",
    "files",
    "meetings",
    "partners",
    "report",
]
