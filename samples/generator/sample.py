"""The whole expo, table by table, from one seed."""

from __future__ import annotations

from samples.generator import edition
from samples.generator.activities import draw_activities
from samples.generator.agreements import draw_agreements
from samples.generator.debuts import draw_debuts, publications
from samples.generator.listings import draw_listings
from samples.generator.organisations import draw_organisations
from samples.generator.profiles import organisation_rows
from samples.generator.wording import listing_rows
from samples.generator.writing import Row


def draw(seed: int) -> dict[str, list[Row]]:
    organisations = draw_organisations(seed)
    offers = draw_listings(seed, "offer", organisations)
    needs = draw_listings(seed, "need", organisations)
    return {
        "edition": [edition.edition()],
        "chain": edition.chain(),
        "organisations": organisation_rows(seed, organisations),
        "offers": listing_rows(seed, offers),
        "needs": listing_rows(seed, needs),
        "slots": edition.slots(),
        "places": edition.places(organisations),
        "rates": edition.rates(),
        "activities": draw_activities(seed),
        "debuts": draw_debuts(seed, organisations),
        "publications": publications(),
        "agreements": draw_agreements(seed, offers, needs),
    }
