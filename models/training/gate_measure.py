"""Everything on the gate's card, from the logits of networks that did not see the inputs."""
from __future__ import annotations

import numpy as np

from figures import REPLICATES, share
from gate_features import Example
from gate_films import FOLDS, Film
from gate_kinds import ACCEPTED, KINDS, NAMES
from gate_train import accepted_probability, choose_threshold, named_kind

#: Adults' films of these sources choose the threshold; the others are measured only.
CHOOSING = ("nih", "hannover", "roco", "covid")
SOURCES = [
    ("nih", False, "NIH ChestX-ray14, adults"),
    ("hannover", False, "Hannover, intensive care"),
    ("roco", False, "ROCO, figures of articles"),
    ("covid", False, "covid-chestxray, CC BY and CC BY-SA"),
    ("covid-other-terms", False, "covid-chestxray, other terms (frontal films taught nothing)"),
    ("nih", True, "NIH, children"),
    ("kermany", True, "Kermany, children aged 1–5"),
    ("roco", True, "ROCO, children"),
]
#: Of the accepted kinds' probability, the part of `mirrored` from which the product warns (`core/findings/imageGate`).
WARN = 0.8


def proportion(hits: np.ndarray, owners: np.ndarray) -> dict:
    """A share with Wilson's interval, widened to that of a bootstrap over patients or articles."""
    if len(hits) == 0:
        return share(0, 0)
    _, owner = np.unique(owners, return_inverse=True)
    films = np.bincount(owner).astype(float)
    own = np.bincount(owner, hits)
    drawn = np.random.default_rng(3).multinomial(len(films), np.full(len(films), 1 / len(films)), REPLICATES)
    return share(int(hits.sum()), len(hits), list((drawn @ own) / (drawn @ films)))


def measure_gate(
    films: list[Film], examples: list[Example], fold: np.ndarray, logits: np.ndarray, threshold: float | None = None
) -> dict:
    """With `threshold` every input is judged by it, else each fold by one that the other folds chose."""
    kind = np.array([e.kind for e in examples])
    source = np.array([films[e.film].source if e.film >= 0 else "made" for e in examples])
    owner = np.array([films[e.film].owner if e.film >= 0 else f"{e.kind}-{e.copy}" for e in examples])
    child = np.array([e.film >= 0 and films[e.film].child for e in examples])
    plain = np.array([e.film < 0 or e.copy == 0 for e in examples])
    inside = (fold >= 0) & plain
    probability = np.full(len(examples), np.nan)
    probability[fold >= 0] = accepted_probability(logits[fold >= 0])
    choosing = inside & (kind == "frontal") & ~child & np.isin(source, CHOOSING)

    accepted = np.zeros(len(examples), bool)
    thresholds = []
    if threshold is None:
        for f in range(FOLDS):
            others = choosing & (fold != f)
            thresholds.append(choose_threshold(probability[others], source[others]))
            here = fold == f
            accepted[here] = probability[here] >= thresholds[-1]
        final = choose_threshold(probability[choosing], source[choosing])
    else:
        final = threshold
        accepted[fold >= 0] = probability[fold >= 0] >= threshold
    named = np.full(len(examples), -1)
    named[fold >= 0] = named_kind(logits[fold >= 0], accepted[fold >= 0])
    name_of = lambda k: films[examples[k].film].file.split("/")[-1].rsplit(".", 1)[0] if examples[k].film >= 0 else "made"

    def kind_row(name: str, label: str, rows: np.ndarray) -> dict:
        wrong = {NAMES[j]: int((named[rows] == j).sum()) for j in range(len(NAMES)) if NAMES[j] != name}
        worst = rows[np.argsort(-probability[rows])][:4]
        return {
            "id": name,
            "name": label,
            "inputs": int(len(rows)),
            "refused": proportion(~accepted[rows], owner[rows]),
            "named": proportion(named[rows] == NAMES.index(name), owner[rows]),
            "calledInstead": {k: n for k, n in sorted(wrong.items(), key=lambda kv: -kv[1]) if n > 0},
            "missed": [f"{name_of(k)} ({probability[k]:.2f})" for k in worst if accepted[k] and name not in ACCEPTED],
        }

    kinds = [kind_row(name, label, np.flatnonzero(inside & (kind == name))) for name, label in KINDS]
    bad = np.flatnonzero(inside & ~np.isin(kind, ACCEPTED))
    valid = []
    for which, young, label in SOURCES:
        rows = np.flatnonzero(inside & (kind == "frontal") & (source == which) & (child == young))
        if len(rows) == 0:
            continue
        mirrored = np.exp(logits[rows, 1]) / (np.exp(logits[rows, 0]) + np.exp(logits[rows, 1])) >= WARN
        valid.append(
            {
                "id": which,
                "name": label,
                "children": young,
                "films": int(len(rows)),
                "refused": proportion(~accepted[rows], owner[rows]),
                "calledMirrored": proportion(mirrored & accepted[rows], owner[rows]),
                "examples": [
                    f"{name_of(k)} ({NAMES[named[k]]})" for k in rows[np.argsort(probability[rows])] if not accepted[k]
                ][:6],
            }
        )
    turned = np.flatnonzero(inside & (kind == "mirrored"))
    warned = np.exp(logits[turned, 1]) / (np.exp(logits[turned, 0]) + np.exp(logits[turned, 1])) >= WARN
    lateral = {
        which: kind_row("lateral", label, np.flatnonzero(inside & (kind == "lateral") & (source == which)))
        for which, label in (("roco", "ROCO"), ("covid-other-terms", "covid-chestxray"))
        if (inside & (kind == "lateral") & (source == which)).any()
    }
    return {
        "threshold": round(float(final), 4),
        "thresholds": [round(float(t), 4) for t in thresholds],
        "kinds": kinds,
        "bad": {
            "inputs": int(len(bad)),
            "refused": proportion(~accepted[bad], owner[bad]),
            "named": proportion(named[bad] == np.array([NAMES.index(k) for k in kind[bad]]), owner[bad]),
        },
        "valid": valid,
        "mirrored": {"films": int(len(turned)), "warned": proportion(warned & accepted[turned], owner[turned])},
        "laterals": lateral,
        "counts": count_films(films),
    }


def count_films(films: list[Film]) -> list[dict]:
    """Films that may teach, by source and kind."""
    counts: dict[tuple[str, str], int] = {}
    for film in films:
        if film.split != "test" and (film.teaches or film.kind == "lateral"):
            counts[(film.source, film.kind)] = counts.get((film.source, film.kind), 0) + 1
    return [{"source": s, "kind": k, "films": n} for (s, k), n in sorted(counts.items())]
