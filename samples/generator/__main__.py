"""Writes the sample expo: python -m samples.generator [--out DIR] [--seed N]."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from samples.generator.sample import draw
from samples.generator.writing import write

FOLDER = Path(__file__).parents[1] / "first-expo"


def main() -> None:
    parser = ArgumentParser(prog="samples.generator", description="Write the sample expo as CSV.")
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder to write (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=2023, help="another seed, another expo (default: 2023)")
    wanted = parser.parse_args()
    write(wanted.out, draw(wanted.seed))


if __name__ == "__main__":
    main()
