"""The fewest literals that must hold beside clauses: two searches that share their bounds, in turns.

One follows unsatisfiable cores (RC2: Ignatiev, Morgado & Marques-Silva, JSAT 11, 2019); it begins with asking for none,
which often is the answer. The other asks for a number outright: the lower bound, which it thereby raises, or one less
than the best found, with a part of that one left as it is. Where one is slow the other mostly is not. Both work in
slices of conflicts, so that they can be stopped between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from fairlink.packages import package

SOLVER = "glucose3"
SLICE = 2000  # conflicts, a fraction of a second
TURN = 4  # slices of the search by cores for each round of the other
MOST = 64  # of the literals that are counted; beyond that, any fewer will do
NEAR = 2  # slices near the best model for each that aims at the lower bound
FREED, MOST_FREED, WIDER = 0.3, 0.9, 1.03  # share of the best model that may change, at first and at most
OPTIMAL, FEASIBLE, INFEASIBLE, UNKNOWN = "optimal", "feasible", "infeasible", "unknown"


class Vicinity(Protocol):
    """What is known of models besides the clauses; both methods say literals that another model is to hold."""

    def better(self, model: set[int]) -> list[int]:
        """Of a model with fewer of the literals, found in another way; it may be the same."""

    def keep(self, model: set[int], free: float) -> list[int]:
        """Of the model, but for about the share `free` of it, chosen by lot."""


class _Over(Exception):
    """Ends a search from within: there is nothing left to do, or no time for it."""


@dataclass
class Minimum:
    """How few are known to do, by a model; and how few would do at least."""

    literals: list[int]
    stop: Callable[[], bool]
    lower: int = 0
    upper: int | None = None
    model: set[int] = field(default_factory=set)  # the literals that hold
    impossible: bool = False

    @property
    def status(self) -> str:
        if self.impossible:
            return INFEASIBLE
        if self.upper is None:
            return UNKNOWN
        return OPTIMAL if self.lower >= self.upper else FEASIBLE

    def raise_lower(self, bound: int) -> None:
        self.lower = max(self.lower, bound)

    def take(self, model: list[int]) -> None:
        """Keep a model if it is better than the best so far."""
        holds = {literal for literal in model if literal > 0}
        count = sum(literal in holds for literal in self.literals)
        if self.upper is None or count < self.upper:
            self.upper, self.model = count, holds

    def goes_on(self) -> None:
        """Raises when it is proved, or when it is to stop."""
        if self.status in (OPTIMAL, INFEASIBLE) or self.stop():
            raise _Over


def minimise(
    clauses: list[list[int]], literals: list[int], vicinity: Vicinity, stop: Callable[[], bool]
) -> Minimum:
    """A model of the clauses in which as few of the literals hold as can be, and how far that is proved."""
    known = Minimum(literals, stop)
    solvers = package("pysat.solvers", extra="exact")
    with solvers.Solver(name=SOLVER, bootstrap_with=clauses) as solver:
        asking = _ask(
            solver, known, vicinity, max((abs(one) for clause in clauses for one in clause), default=0)
        )
        with suppress(_Over):
            known.goes_on()
            _follow_cores(clauses, known, asking)
    return known


def _ask(solver: Any, known: Minimum, vicinity: Vicinity, top: int) -> Iterator[None]:
    """First for any model, then in turns for the lower bound and for one less than the upper; a slice at a time."""
    while (found := _slice(solver, [])) is None:
        yield
    if not found:
        known.impossible = True
        yield
        return
    known.take(solver.get_model())
    yield
    if _slice(solver, vicinity.better(known.model)):
        known.take(solver.get_model())
    yield
    count = _counter(solver, known, top)
    free = FREED
    while known.upper is not None:
        aim = known.lower
        found = _slice(solver, [-count[aim]] if aim < len(count) else [])
        if found:
            known.take(solver.get_model())
        elif found is False:
            known.raise_lower(aim + 1)
        yield
        for _ in range(NEAR):
            fewer = [-count[known.upper - 1]] if 0 < known.upper <= len(count) else []
            found = _slice(solver, vicinity.keep(known.model, free) + fewer, SLICE // 2)
            if found:
                known.take(solver.get_model())
            # Part of it proves nothing of the whole; as much is freed as a slice can just decide.
            free = free if found else min(free * WIDER, MOST_FREED) if found is False else free / WIDER
            yield


def _counter(solver: Any, known: Minimum, top: int) -> list[int]:
    """Literals k = 0, 1, … that hold when more than k of the literals do."""
    cards = package("pysat.card", extra="exact")
    if not known.literals:
        return []
    most = min(len(known.literals) - 1, MOST)
    with cards.ITotalizer(lits=known.literals, ubound=most, top_id=top) as total:
        for clause in total.cnf.clauses:
            solver.add_clause(clause)
        return list(total.rhs)


def _slice(solver: Any, assumptions: list[int], conflicts: int = SLICE) -> bool | None:
    """Whether the clauses can be satisfied; None when so many conflicts were too few to tell."""
    solver.conf_budget(conflicts)
    found: bool | None = solver.solve_limited(assumptions=assumptions)
    return found


def _follow_cores(clauses: list[list[int]], known: Minimum, asking: Iterator[None]) -> None:
    formulas = package("pysat.formula", extra="exact")
    rc2 = package("pysat.examples.rc2", extra="exact")
    formula = formulas.WCNF()
    formula.extend(clauses)
    formula.extend([[-literal] for literal in known.literals], weights=[1] * len(known.literals))
    with rc2.RC2(formula, solver=SOLVER) as search:

        def turn() -> None:
            known.raise_lower(search.cost)
            known.goes_on()
            next(asking)
            known.goes_on()

        search.oracle = _InTurns(search.oracle, known, turn)
        if search.compute():
            known.take(search.model)
            known.raise_lower(search.cost)
        else:
            known.impossible = True


class _InTurns:
    """A solver that lets somebody else have a turn after some slices of its work, and can be stopped after each."""

    def __init__(self, solver: Any, known: Minimum, turn: Callable[[], None]) -> None:
        self._solver, self._known, self._turn = solver, known, turn
        self._budget = -1
        self._slices = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._solver, name)

    def conf_budget(self, budget: int = -1) -> None:
        """Conflicts after which a call is given up; −1: never."""
        self._budget = budget

    def solve_limited(self, assumptions: list[int], expect_interrupt: bool = False) -> bool | None:  # noqa: FBT001, FBT002
        if self._budget >= 0:
            self._solver.conf_budget(self._budget)
            found = self._solver.solve_limited(assumptions=assumptions)
        else:
            while (found := _slice(self._solver, assumptions)) is None:
                self._slices += 1
                if self._slices % TURN == 0:
                    self._turn()
                else:
                    self._known.goes_on()
        if found:
            self._known.take(self._solver.get_model())
        return bool(found) if found is not None else None
