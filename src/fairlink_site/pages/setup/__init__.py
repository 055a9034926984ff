"""The set-up of an edition, page by page, for its organisers: from nothing to open doors."""

from fairlink_site.pages.setup import (
    activities,
    chain,
    exclusions,
    facts,
    interpreters,
    opening,
    overview,
    phase,
    places,
    purchases,
    times,
)

__all__ = [
    "activities",
    "chain",
    "exclusions",
    "facts",
    "interpreters",
    "opening",
    "overview",
    "phase",
    "places",
    "purchases",
    "times",
]
