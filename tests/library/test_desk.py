"""The desk on flat arrays: after a stream of events the gain is below the new bound, and chains are short."""

from __future__ import annotations

import numpy as np
import pytest
from expos import draw_expo, draw_wanted

from fairlink.meetings.bound import bound
from fairlink.meetings.desk import Desk
from fairlink.meetings.translation import translate


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("moves", [0, 1, 2])
def test_what_is_held_stays_below_the_new_bound_and_few_move_for_one(seed, moves):
    expo = draw_expo(20, booths=4, tables=3, seed=seed)
    problem = translate(expo, draw_wanted(expo, 110, seed=seed)).problem
    chance, desk = np.random.default_rng(seed), Desk(problem, max_moves=moves)
    nobody = dict.fromkeys(("host", "guest"), np.full(110, -1))
    desk.seat(np.full(110, -1), nobody, np.zeros(110, dtype=bool))
    desk.hold(range(110))
    before = desk.slot

    for party in chance.permutation(20)[:4].tolist():
        slots = chance.permutation(len(problem.slots))[:3].tolist()
        for play, given in (
            (desk.leave, (party, slots)),
            (desk.limit, (0, dict.fromkeys(slots, 1))),
            (desk.refuse, (int(chance.integers(110)),)),
            (desk.cancel, ((party + 1) % 20,)),
        ):
            outcome = play(*given)
            assert len(outcome.moved) <= moves * len(outcome.placed)
            before[list(outcome.released)] = -1
            for meeting, _, slot in outcome.moved:
                before[meeting] = slot
            for meeting, slot in outcome.placed:
                before[meeting] = slot
            assert before.tolist() == desk.slot.tolist()

    gain = int(problem.meetings["weight"][desk.slot >= 0].sum())
    assert 0 < gain <= bound(desk.problem)[0]
    assert (desk.book.used <= desk.problem.capacity).all()
