"""The same thing in another language: how high it stands by letters, by meaning, by both; and sentences to codes.

Names of one code in a language against all names in English: mean reciprocal rank, for SITC Rev. 2, headings of HS
(European tariff) and CPV 2008 below the folder FAIRLINK_DATA. And the sentences of tests/library/sentences, which need
no folder: rank of the right HS heading among the codes proposed, time, and how sure was rightly sure.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from pathlib import Path

import numpy as np

from fairlink import calibration, classification, encoding, text
from fairlink.encoding import Cached
from fairlink.expo import Array

TABLES = {  # file → the column of its code, and how many rows are skipped between two
    "sitc2_4d_16languages": ("sitc2_4d", 1),
    "hs4_taric_multilingual": ("hs4", 1),
    "cpv2008_12languages": ("cpv", 6),
}
SENTENCES = Path(__file__).resolve().parents[2] / "tests" / "library" / "sentences"
DEEPEST = 100  # proposals that are looked at


def main() -> int:
    found = encoding.installed()
    if found is None:
        print("The extra `encoder` is not installed: letters alone are measured.", file=sys.stderr)
    encoder = None if found is None else Cached(found, processes=min(os.cpu_count() or 1, 2))
    _sentences(encoder)
    data = os.environ.get("FAIRLINK_DATA")
    if not data:
        print("Set FAIRLINK_DATA to the folder of the data for retrieval across languages.", file=sys.stderr)
        return 0
    for name, (code, every) in TABLES.items():
        _table(Path(data) / "matching" / f"{name}.csv", code, every, encoder)
    return 0


def _sentences(encoder: Cached | None) -> None:
    print(f"{'sentences':>22} {'MRR':>6} {'in 10':>6} {'sure':>6} {'right':>6} {'CPU ms':>7}  by language")
    # Nothing is ever tuned on the last: it is measured, and that is all.
    for name in ("tuning", "heldout", "unseen"):
        with (SENTENCES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for kind, reader in (("letters", None), ("with meaning", encoder)):
            if kind == "with meaning" and reader is None:
                continue
            classification.warm(reader)
            classification.suggest(rows[0]["text"], encoder=reader)
            started = time.process_time()
            found = [classification.suggest(row["text"], DEEPEST, encoder=reader) for row in rows]
            spent = 1000 * (time.process_time() - started) / len(rows)
            gain = np.array(
                [_reciprocal(row["code"].split("|"), codes) for row, codes in zip(rows, found, strict=True)]
            )
            sure = np.mean([codes[0][1] if codes else 0 for codes in found])
            spoken = np.array([row["language"] for row in rows])
            each = " ".join(
                f"{one} {gain[spoken == one].mean():.2f}" for one in dict.fromkeys(spoken.tolist())
            )
            print(
                f"{name + ', ' + kind:>22} {gain.mean():6.3f} {(gain >= 0.1).mean():6.2f} {sure:6.2f} "
                f"{(gain == 1).mean():6.2f} {spent:7.1f}  {each}"
            )


def _reciprocal(right: list[str], found: list[tuple[str, float]]) -> float:
    places = [place for place, (code, _) in enumerate(found, 1) if code in right]
    return 1 / places[0] if places else 0.0


def _table(path: Path, code: str, every: int, encoder: Cached | None) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["en"]][::every]
    spoken = [one for one in rows[0] if one not in (code, "en")]
    print(
        f"\n{path.stem}, {len(rows)} codes: MRR into English\n{'':>8}"
        + "".join(f"{one:>7}" for one in spoken)
    )
    found: dict[str, list[float]] = {"letters": [], "meaning": [], "both": []}
    for language in spoken:
        with_name = [row for row in rows if row[language]]
        theirs, ours = [row[language] for row in with_name], [row["en"] for row in with_name]
        matrix = text.vectors([*theirs, *ours]).matrix
        shared = (matrix[: len(theirs)] @ matrix[len(theirs) :].T).toarray()
        letters = calibration.of_ngrams().probability(shared) * (shared > 0)
        found["letters"].append(_rank(letters))
        if encoder is not None:
            space = calibration.space(encoder)
            near = space.project(encoder.encode(theirs)) @ space.project(encoder.encode(ours)).T
            meaning = space.calibration.probability(near.astype(np.float64))
            found["meaning"].append(_rank(meaning))
            found["both"].append(_rank(np.maximum(letters, meaning)))
    for kind, ranks in found.items():
        if ranks:
            print(f"{kind:>8}" + "".join(f"{rank:7.3f}" for rank in ranks))


def _rank(likeness: Array) -> float:
    """Mean reciprocal rank of the diagonal; who is equal stands before."""
    right = np.diag(likeness)[:, None]
    return float((1 / (likeness >= right).sum(axis=1)).mean())


if __name__ == "__main__":
    sys.exit(main())
