"""Writes tests/golden/ratio.json: masks and the ratio that anatomy_measure.py takes from them; the product must agree."""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from anatomy_measure import ratio
from test_anatomy import ellipse

ROWS, COLUMNS = 30, 34


def case(chance: np.random.Generator) -> dict:
    """Lungs and cardiomediastinum as ellipses with noise at their edges, in steps of 1/255."""
    wobble = lambda value, by: value + chance.uniform(-by, by)
    shapes = [
        (wobble(9, 1), wobble(15, 1), wobble(11, 1), wobble(24, 2)),
        (wobble(24, 1), wobble(15, 1), wobble(11, 1), wobble(24, 2)),
        (wobble(18, 1.5), wobble(19, 1), wobble(13, 2), wobble(14, 2)),
    ]
    masks = [np.clip(ellipse(ROWS, COLUMNS, *s) + chance.normal(0, 0.06, (ROWS, COLUMNS)), 0, 1) for s in shapes]
    whole = np.round(np.stack(masks) * 255).astype(int)
    found = ratio(whole / 255)
    return {
        "rows": ROWS,
        "columns": COLUMNS,
        "masks": whole.ravel().tolist(),
        "ratio": round(found["ratio"], 9),
        "thoraxLine": [round(v, 9) for v in found["thoraxLine"]],
        "heartTouches": [round(v, 9) for v in found["heartTouches"]],
    }


def main() -> None:
    chance = np.random.default_rng(4)
    cases = [case(chance) for _ in range(4)]
    text = json.dumps({"madeBy": "models/training/anatomy_measure.py", "cases": cases})
    (Path(__file__).parents[2] / "tests/golden/ratio.json").write_text(text.replace('{"rows"', '\n{"rows"') + "\n")


if __name__ == "__main__":
    main()
