"""The set-up of an edition, page by page, for its organisers: from nothing to open doors."""

from fairlink_site.pages.setup import chain, facts, opening, overview, phase, places, times

__all__ = ["chain", "facts", "opening", "overview", "phase", "places", "times"]
