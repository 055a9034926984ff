"""Filters as bits: they leave exactly whom the rows say, and forget nothing when rows change."""

import random

from fairlink_site.facets import FILTERS, facets
from fairlink_site.models import Organisation


def by_hand(edition, asked):
    """Whom the filters leave, asked of the database one row at a time."""
    kept = []
    for one in edition.organisations.visible().order_by("code"):
        plain = all(
            getattr(one, name) == asked[name]
            for name in ("country", "kind", "size", "role")
            if asked.get(name)
        )
        wanted = {name: asked[name] for name in ("chain", "stage", "node") if asked.get(name)}
        nodes = [
            {"chain": node.chain.code, "stage": node.stage, "node": node.code}
            for node in one.nodes.select_related("chain")
        ]
        if plain and (not wanted or any(wanted.items() <= node.items() for node in nodes)):
            kept.append(one.pk)
    return kept


def test_any_filters_together_leave_whom_the_rows_say(edition):
    chance = random.Random(3)
    known = facets(edition)
    offered = {name: [*known.counts(name, {}, known.everybody)] for name in FILTERS}
    for _ in range(25):
        asked = {name: chance.choice(offered[name]) for name in chance.sample(FILTERS, chance.randint(0, 3))}
        left = known.left(asked)

        assert known.ordered(left) == by_hand(edition, asked), asked
        for name in FILTERS:
            for value, number in known.counts(name, asked, known.everybody).items():
                assert number == known.left({**asked, name: value}).bit_count(), (asked, name, value)


def test_a_change_is_seen_at_once(edition):
    one = edition.organisations.visible().first()
    assert one.pk in facets(edition).ordered(facets(edition).everybody)

    one.status = "submitted"
    one.save()
    assert one.pk not in facets(edition).ordered(facets(edition).everybody)

    one.status, one.country = "validated", "FJ"
    one.save()
    assert facets(edition).ordered(facets(edition).left({"country": "FJ"})) == [one.pk]


def test_an_edition_without_organisations_has_no_bits(edition):
    Organisation.objects.filter(edition=edition).update(status="draft")

    assert facets(edition).everybody == 0
    assert facets(edition).counts("kind", {}, 0) == {}
