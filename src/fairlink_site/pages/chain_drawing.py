"""The map of one chain as shapes: boxes for links, curves for what feeds what. The template makes SVG of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from fairlink.chain import Layout

BOX_WIDTH, BOX_HEIGHT = 168, 74
GAP_ACROSS, GAP_DOWN = 48, 22
MARGIN = 12
HEAD = 34  # above the boxes, for the names of the stages
UNITS_PER_LINE = 22  # of a label: a Latin letter takes one, a Chinese character two
LINES = 2


@dataclass(frozen=True)
class Box:
    """One link of the chain. `row` is its place among the nodes given to `draw`."""

    row: int
    x: float
    y: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Band:
    """The columns of one stage."""

    stage: str
    x: float
    width: float


@dataclass(frozen=True)
class Drawing:
    """Everything in pixels of a drawing `width` × `height`."""

    width: float
    height: float
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    curves: tuple[str, ...]
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def draw(layout: Layout, names: Sequence[str], stages: Sequence[str]) -> Drawing:
    """Draw a laid-out chain. `names` and `stages` are those of its nodes, in the layout's order."""
    across = [MARGIN + int(column) * (BOX_WIDTH + GAP_ACROSS) for column in layout.column]
    down = [MARGIN + HEAD + float(place) * (BOX_HEIGHT + GAP_DOWN) for place in layout.place]
    boxes = tuple(Box(row, across[row], down[row], wrap(name)) for row, name in enumerate(names))
    return Drawing(
        width=max(across, default=0) + BOX_WIDTH + MARGIN,
        height=max(down, default=0) + BOX_HEIGHT + MARGIN,
        bands=_bands(across, stages),
        boxes=boxes,
        curves=tuple(_curve(boxes[source], boxes[target]) for source, target in layout.flows),
    )


def _bands(across: Sequence[int], stages: Sequence[str]) -> tuple[Band, ...]:
    bands = []
    for stage in dict.fromkeys(stages):
        xs = [x for x, own in zip(across, stages, strict=True) if own == stage]
        bands.append(Band(stage, min(xs), max(xs) - min(xs) + BOX_WIDTH))
    return tuple(sorted(bands, key=lambda band: band.x))


def _curve(source: Box, target: Box) -> str:
    """A path from the right edge of one box to the left edge of another; back around where it must."""
    x1, y1 = source.x + BOX_WIDTH, source.y + BOX_HEIGHT / 2
    x2, y2 = target.x, target.y + BOX_HEIGHT / 2
    if x2 <= source.x:  # the same column or to the left: leave and arrive at the same side
        x2 += BOX_WIDTH
        return f"M{x1:g} {y1:g}C{x1 + 40:g} {y1:g} {x2 + 40:g} {y2:g} {x2:g} {y2:g}"
    bend = max((x2 - x1) / 2, 24)
    return f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"


def wrap(name: str) -> tuple[str, ...]:
    """At most LINES lines of a name, broken at spaces, or anywhere in scripts without them."""
    lines, line = [], ""
    for piece in _pieces(name):
        if line and _units(line + piece.rstrip()) > UNITS_PER_LINE:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][:-1] + "…"]
    return tuple(lines)


def _pieces(name: str) -> list[str]:
    if " " in name:
        return [f"{word} " for word in name.split(" ")]
    return list(name)


def _units(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
