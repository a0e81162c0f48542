"""Everything on the anatomy card: overlap and ratio on films never seen, lungs found on every source, the worst cases."""
from __future__ import annotations

from pathlib import Path

import numpy as np

from anatomy_data import FOLDS, Film, read_truth
from anatomy_measure import at_film_size, dice, found, largest, overlaps, ratio
from anatomy_network import MASKS, SIZE
from figures import by_patient, interval, share
from backbone import MEAN, STD
from packing import open_graph
from transform import letterbox

BARS = {"right-lung": 0.965, "left-lung": 0.965, "cardiomediastinum": 0.95}
RATIO_BAR = 0.015
FOUND_BAR = 0.99
#: Kermany has five thousand films of children, which the pack does not accept: so many of each fold are looked at.
KERMANY = 100
SOURCES = ["NIH", "covid", "Hannover", "Kermany"]


def predict_rows(weights: Path, grids: np.ndarray, rows: np.ndarray):
    """Probabilities [4, h, w] of each row in turn, from ONNX Runtime as the product has them."""
    session = open_graph(weights)
    mean, std = (np.asarray(v, np.float32).reshape(1, 3, 1, 1) for v in (MEAN, STD))
    for row in rows:
        grey = np.asarray(grids[row], np.float32)[None, None] / 255
        yield session.run(["masks"], {"image": (grey - mean) / std})[0][0]


def box_of(film: Film):
    return letterbox(film.width, film.height, SIZE, SIZE)


def look(films: list[Film], grids: np.ndarray, weights: Path, rows: np.ndarray, data: Path) -> list[dict]:
    """What is known of each film: found, overlap with boxes, and for masked films overlap and both ratios."""
    seen = []
    for row, p in zip(rows, predict_rows(weights, grids, rows)):
        film, box = films[row], box_of(films[row])
        one = {"row": int(row), "found": bool(found(p, box, film))}
        boxes = overlaps(p, box, film)
        if boxes is not None:
            one["boxes"] = min(boxes)
        if film.masked:
            truth = read_truth(film, data)
            big = at_film_size(p, box, film.height, film.width) >= 0.5
            drawn = [largest(big[c]) if c < 3 else big[c] for c in range(len(MASKS))]  # opacity may have many parts
            one["dice"] = [dice(drawn[c], truth[c] > 0) for c in range(len(MASKS))]
            one["empty"] = bool(not truth[3].any())
            mine, theirs = ratio(p), ratio(truth.astype(float))
            one["ratio"] = [None if mine is None else mine["ratio"], None if theirs is None else theirs["ratio"]]
        seen.append(one)
    return seen


def of_masked(seen: list[dict], films: list[Film]) -> dict:
    """Overlap and ratio with intervals by patient."""
    masked = [one for one in seen if "dice" in one]
    patients = np.array([films[one["row"]].patient for one in masked])
    replicates = list(by_patient(patients))
    answer: dict = {"dice": {}, "ratio": {}}
    for c, name in enumerate(MASKS):
        values = np.array([one["dice"][c] for one in masked])
        counted = np.array([not (c == 3 and one["empty"]) for one in masked])
        some = lambda rows: values[rows][counted[rows]].mean() if counted[rows].any() else float("nan")
        answer["dice"][name] = {
            "mean": interval(some(np.arange(len(masked))), [some(rows) for rows in replicates]),
            "median": round(float(np.median(values[counted])), 4),
            "worst": round(float(values[counted].min()), 4),
            "films": int(counted.sum()),
        }
    pairs = [one["ratio"] for one in masked if None not in one["ratio"]]
    errors = np.array([a - b for a, b in pairs])
    theirs = np.array([b for _, b in pairs])
    kept = np.array([k for k, one in enumerate(masked) if None not in one["ratio"]])
    position = {int(k): n for n, k in enumerate(kept)}
    pick = lambda rows: np.array([position[int(k)] for k in rows if int(k) in position])
    answer["ratio"] = {
        "meanError": round(float(np.abs(errors).mean()), 4),
        "interval": interval(float(np.abs(errors).mean()), [float(np.abs(errors[pick(rows)]).mean()) for rows in replicates]),
        "p95Error": round(float(np.quantile(np.abs(errors), 0.95)), 4),
        "p95Interval": interval(
            float(np.quantile(np.abs(errors), 0.95)), [float(np.quantile(np.abs(errors[pick(rows)]), 0.95)) for rows in replicates]
        ),
        "worst": round(float(np.abs(errors).max()), 4),
        "bias": round(float(errors.mean()), 4),
        "films": len(pairs),
        "without": sum(one["ratio"][0] is None for one in masked),
        "theirs": [round(float(v), 3) for v in np.quantile(theirs, [0.025, 0.5, 0.975])],
        "correlation": round(float(np.corrcoef(np.array(pairs).T)[0, 1]), 3),
    }
    return answer


def of_sources(seen: list[dict], films: list[Film]) -> list[dict]:
    """Share of films with both lungs found, by source; where boxes are known, also lying in them."""
    rows = []
    for source in SOURCES:
        mine = [one for one in seen if films[one["row"]].source == source]
        if not mine:
            continue
        boxed = [one for one in mine if "boxes" in one]
        rows.append(
            {
                "source": source,
                "films": len(mine),
                "found": share(sum(one["found"] for one in mine), len(mine)),
                "boxed": len(boxed),
                "inBoxes": share(sum(one["boxes"] >= 0.5 for one in boxed), len(boxed)) if boxed else None,
                "overlap": round(float(np.median([one["boxes"] for one in boxed])), 3) if boxed else None,
                "missed": [films[one["row"]].file.split("/")[1].split(".")[0] for one in mine if not one["found"] or one.get("boxes", 1) < 0.5],
            }
        )
    return rows


def by_group(seen: list[dict], films: list[Film]) -> list[dict]:
    """Overlap and ratio by view, on masked films."""
    rows = []
    masked = [one for one in seen if "dice" in one]
    for name, member in (("PA", lambda f: f.view == "PA"), ("AP", lambda f: f.view.startswith("AP"))):
        mine = [one for one in masked if member(films[one["row"]])]
        if mine:
            errors = [abs(a - b) for a, b in (one["ratio"] for one in mine) if a is not None and b is not None]
            rows.append({"view": name, "films": len(mine), "dice": [round(float(v), 3) for v in np.mean([one["dice"][:3] for one in mine], 0)], "ratio": round(float(np.mean(errors)), 4) if errors else None})
    return rows


def worst_cases(seen: list[dict], films: list[Film]) -> dict:
    masked = [one for one in seen if "dice" in one]
    name = lambda one: films[one["row"]].file.split("/")[1].split(".")[0]
    order = lambda key: sorted(masked, key=key)[:4]
    miss = lambda one: -abs((one["ratio"][0] or 0) - (one["ratio"][1] or 0))
    return {
        "lungs": [[name(one), round(min(one["dice"][:2]), 3)] for one in order(lambda one: min(one["dice"][:2]))],
        "cardiomediastinum": [[name(one), round(one["dice"][2], 3)] for one in order(lambda one: one["dice"][2])],
        "ratio": [[name(one), one["ratio"][0] and round(one["ratio"][0], 3), one["ratio"][1] and round(one["ratio"][1], 3)] for one in order(miss)],
    }


def some_of(rows: list[int], films: list[Film]) -> np.ndarray:
    """All rows but those of Kermany, of which `KERMANY` are drawn."""
    children = np.array([k for k in rows if films[k].source == "Kermany"])
    drawn = np.random.default_rng(5).permutation(children)[:KERMANY]
    return np.array(sorted([k for k in rows if films[k].source != "Kermany"] + drawn.tolist()))


def measure_anatomy(films: list[Film], grids: np.ndarray, paths: dict[int, Path], data: Path, work: Path, name: str, log) -> dict:
    """Every film of train and val by the fold network that never saw it."""
    import json

    seen = []
    for fold in range(FOLDS):
        keep = work / f"anatomy-{name}-seen{fold}.json"
        if not keep.exists():
            rows = some_of([k for k, film in enumerate(films) if film.fold == fold], films)
            keep.write_text(json.dumps(look(films, grids, paths[fold], rows, data), default=float))
            log(f"  fold {fold}: {len(rows)} films")
        seen += json.loads(keep.read_text())
    return {
        **of_masked(seen, films),
        "sources": of_sources(seen, films),
        "views": by_group(seen, films),
        "worstCases": worst_cases(seen, films),
        "counts": counts_of(films),
    }


def measure_anatomy_test(films: list[Film], grids: np.ndarray, weights: Path, data: Path, log) -> dict:
    """The shipped network on `test`, once."""
    rows = some_of([k for k, film in enumerate(films) if film.split == "test"], films)
    seen = look(films, grids, weights, rows, data)
    log(f"  test: {len(rows)} films")
    return {**of_masked(seen, films), "sources": of_sources(seen, films)}


def counts_of(films: list[Film]) -> dict:
    import collections

    taught = [film for film in films if film.masked and film.fold >= 0]
    return {
        "taught": len(taught),
        "patients": len({film.patient for film in taught}),
        "views": dict(collections.Counter(film.view for film in taught)),
        "licences": dict(collections.Counter(film.licence or "none stated" for film in taught).most_common()),
        "left": sum(film.masked and film.fold < 0 and film.split != "test" for film in films),
    }
