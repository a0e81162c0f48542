"""Measures the fold networks (and, once, the final one on `test`) and writes what was found as one JSON."""
from __future__ import annotations

from pathlib import Path

import numpy as np

from crossval import Outcome
from data import ADULT, FINDINGS, FOLDS, IDS, Film, read_boxes, read_peer, truth
from figures import (
    FEWEST,
    FEWEST_CALLED,
    auc,
    bar_of,
    by_patient,
    calibration_error,
    interval,
    mean_auc,
    operating_point,
    platt,
    share,
    sigmoid,
)

#: Fewer of a class than this, and no area under the curve is given.
FEW = 8
FEW_TEST = 5


def nested(logit: np.ndarray, y: np.ndarray, fold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probability and decision of each film, with calibration and threshold chosen on the other folds."""
    probability = np.zeros(len(y))
    called = np.zeros(len(y), bool)
    for f in range(FOLDS):
        inside, outside = fold == f, fold != f
        slope, intercept = platt(logit[outside], y[outside])
        threshold = operating_point(sigmoid(slope * logit[outside] + intercept), y[outside])
        probability[inside] = sigmoid(slope * logit[inside] + intercept)
        called[inside] = probability[inside] >= threshold
    return probability, called


def rates(y: np.ndarray, called: np.ndarray, patients: np.ndarray | None = None) -> dict:
    """Sensitivity, specificity and precision with intervals, and the four counts."""
    tp, fp = int((called & (y == 1)).sum()), int((called & (y == 0)).sum())
    fn, tn = int((~called & (y == 1)).sum()), int((~called & (y == 0)).sum())
    sens, spec = [], []
    if patients is not None:
        for rows in by_patient(patients):
            a, b = y[rows], called[rows]
            sens.append(b[a == 1].mean() if (a == 1).any() else float("nan"))
            spec.append((~b[a == 0]).mean() if (a == 0).any() else float("nan"))
    return {
        "sensitivity": share(tp, tp + fn, sens or None),
        "specificity": share(tn, tn + fp, spec or None),
        "precision": share(tp, tp + fp),
        "counts": {"tp": tp, "fp": fp, "fn": fn, "tn": tn},
    }


def examples(films: list[Film], y: np.ndarray, probability: np.ndarray, called: np.ndarray) -> dict:
    """The most confident mistakes, by file name."""
    name = lambda k: Path(films[k].file).stem
    missed = [k for k in np.argsort(probability) if y[k] == 1 and not called[k]][:3]
    false = [k for k in np.argsort(-probability) if y[k] == 0 and called[k]][:3]
    entry = lambda k: {"film": name(k), "probability": round(float(probability[k]), 3)}
    return {"missed": [entry(k) for k in missed], "false": [entry(k) for k in false]}


def measure_label(k: int, films: list[Film], y: np.ndarray, logit: np.ndarray, fold: np.ndarray) -> dict:
    """Everything about one finding over the adult films where it is known."""
    patients = np.array([film.patient for film in films])
    probability, called = nested(logit, y, fold)
    slope, intercept = platt(logit, y)
    value = auc(y, logit)
    bounds = interval(value, [auc(y[rows], logit[rows]) for rows in by_patient(patients)])
    found = rates(y, called, patients)
    prevalence = float(y.mean())
    precise = found["precision"]["value"] >= bar_of(prevalence)
    enough = y.sum() >= FEWEST and called.sum() >= FEWEST_CALLED
    return {
        "id": IDS[k],
        "name": FINDINGS[k][1],
        "films": len(y),
        "positives": int(y.sum()),
        "prevalence": round(prevalence, 4),
        "auc": bounds,
        **found,
        "calibration": {"slope": round(slope, 5), "intercept": round(intercept, 5)},
        "threshold": round(operating_point(sigmoid(slope * logit + intercept), y), 5),
        "calibrationError": round(calibration_error(probability, y), 4),
        "reachesBars": bool(bounds["low"] > 0.65 and precise),
        "listed": bool(bounds["low"] > 0.65 and precise and enough),
        "examples": examples(films, y, probability, called),
    }


def groups(films: list[Film]) -> dict[str, list[tuple[str, np.ndarray]]]:
    """The divisions that the card reports: name → (group, which films). Children are shown apart."""
    age = np.array([film.age for film in films])
    sex = np.array([film.sex for film in films])
    view = np.array([film.view for film in films])
    grown = age >= ADULT
    return {
        "sex": [("women", (sex == "F") & grown), ("men", (sex == "M") & grown)],
        "age": [
            ("under 18 (refused)", ~grown),
            ("18–39", grown & (age < 40)),
            ("40–59", (age >= 40) & (age < 60)),
            ("60 and over", age >= 60),
        ],
        "view": [("both", grown), ("PA", (view == "PA") & grown), ("AP", (view == "AP") & grown)],
    }


def measure_groups(films: list[Film], y: np.ndarray, logits: np.ndarray) -> dict:
    """Area under the curve by group and finding; the mean runs over findings measurable in each adult group."""
    patients = np.array([film.patient for film in films])
    out = {}
    for division, parts in groups(films).items():
        enough = lambda rows, k: min((y[rows, k] == 1).sum(), (y[rows, k] == 0).sum()) >= FEW
        common = [
            k for k in range(len(IDS)) if all(enough(rows, k) for name, rows in parts if "refused" not in name)
        ]
        table = []
        for name, rows in parts:
            one = {}
            for k in range(len(IDS)):
                if enough(rows, k):
                    known = rows & ~np.isnan(y[:, k])
                    one[IDS[k]] = round(auc(y[known, k], logits[known, k]), 3)
            usable = common if all(IDS[k] in one for k in common) else []
            inside = np.flatnonzero(rows)
            replicates = [
                mean_auc(y[inside][r], logits[inside][r], usable) for r in by_patient(patients[inside])
            ] if usable else []
            table.append(
                {
                    "group": name,
                    "films": int(rows.sum()),
                    "mean": interval(mean_auc(y[inside], logits[inside], usable), replicates) if usable else None,
                    "over": [IDS[k] for k in usable],
                    "auc": one,
                }
            )
        out[division] = table
    return out


def measure_peer(films: list[Film], y: np.ndarray, logits: np.ndarray, data: Path, few: int) -> dict:
    """This network and the public DenseNet-121 on the very same films."""
    peer = read_peer(data)
    rows = np.array([k for k, film in enumerate(films) if film.file in peer])
    theirs = np.stack([peer[films[k].file] for k in rows])
    ours, known = logits[rows], y[rows]
    usable = [
        k for k in range(14) if min((known[:, k] == 1).sum(), (known[:, k] == 0).sum()) >= few
    ]
    pairs = list(by_patient(np.array([films[k].patient for k in rows])))
    table = []
    for k in usable:
        inside = ~np.isnan(known[:, k])
        a, b = auc(known[inside, k], ours[inside, k]), auc(known[inside, k], theirs[inside, k])
        table.append(
            {"id": IDS[k], "positives": int(np.nansum(known[:, k])), "ours": round(a, 3), "peer": round(b, 3)}
        )
    ours_mean, peer_mean = mean_auc(known, ours, usable), mean_auc(known, theirs, usable)
    difference = [mean_auc(known[r], ours[r], usable) - mean_auc(known[r], theirs[r], usable) for r in pairs]
    return {
        "films": len(rows),
        "table": table,
        "ours": interval(ours_mean, [mean_auc(known[r], ours[r], usable) for r in pairs]),
        "peer": interval(peer_mean, [mean_auc(known[r], theirs[r], usable) for r in pairs]),
        "difference": interval(ours_mean - peer_mean, difference),
    }


def inside(boxes: list[tuple], x: float, y: float) -> bool:
    return any(bx <= x <= bx + bw and by <= y <= by + bh for _, bx, by, bw, bh in boxes)


def measure_pointing(films: list[Film], outcome: Outcome, data: Path) -> list[dict]:
    """Pointing game: does the map's highest cell lie in a radiologist's box? Beside it three places that
    know nothing of the film: its centre, the cell that hit most boxes of the other folds, and chance."""
    drawn = read_boxes(data)
    sets = [
        ("lung-opacity", "RSNA", lambda label: label == "Lung Opacity (RSNA)"),
        ("pneumonia", "NIH", lambda label: label == "Pneumonia"),
    ]
    results = []
    for finding, source, wanted in sets:
        k = IDS.index(finding)
        cases = []
        for n, film in enumerate(films):
            boxes = [box for box in drawn.get(film.file, []) if wanted(box[0])]
            if boxes and outcome.fold[n] >= 0:
                cases.append((n, film, boxes))
        if not cases:
            continue
        cells = {}
        for n, film, boxes in cases:
            side = outcome.maps.shape[-1]
            longer = max(film.width, film.height)
            left, top = (longer - film.width) / 2, (longer - film.height) / 2
            at = (np.arange(side) + 0.5) * longer / side
            cells[n] = np.array([[inside(boxes, x - left, y - top) for x in at] for y in at])
        model = centre = prior = 0
        chance = 0.0
        for n, film, boxes in cases:
            row, column = np.unravel_index(int(outcome.maps[n, k].argmax()), cells[n].shape)
            model += cells[n][row, column]
            centre += inside(boxes, film.width / 2, film.height / 2)
            others = sum(cells[m].astype(int) for m, _, _ in cases if outcome.fold[m] != outcome.fold[n])
            prior += cells[n].flat[int(others.argmax())]
            chance += cells[n].mean()
        total = len(cases)
        results.append(
            {
                "finding": finding,
                "boxes": source,
                "films": total,
                "model": share(int(model), total),
                "centre": share(int(centre), total),
                "bestFixedPlace": share(int(prior), total),
                "chance": round(chance / total, 4),
            }
        )
    return results


def measure_test(films: list[Film], y: np.ndarray, logits: np.ndarray, labels: list[dict], data: Path) -> dict:
    """The final network on `test`, with calibration and thresholds as shipped."""
    patients = np.array([film.patient for film in films])
    draws = list(by_patient(patients))
    grown = np.array([film.age >= ADULT for film in films])
    rows_by_label, usable = [], []
    for k, label in enumerate(labels):
        known = grown & ~np.isnan(y[:, k])
        a, b = y[known, k], logits[known, k]
        slope, intercept = label["calibration"]["slope"], label["calibration"]["intercept"]
        probability = sigmoid(slope * b + intercept)
        row = {"id": IDS[k], "films": int(known.sum()), "positives": int(a.sum())}
        row.update(rates(a, probability >= label["threshold"]))
        row["calibrationError"] = round(calibration_error(probability, a, 5), 4)
        row["auc"] = None
        if min(a.sum(), len(a) - a.sum()) >= FEW_TEST:
            usable.append(k)
            own = [auc(a[r], b[r]) for r in by_patient(patients[known])]
            row["auc"] = interval(auc(a, b), own)
        rows_by_label.append(row)
    adults = np.flatnonzero(grown)
    adult_draws = list(by_patient(patients[adults]))
    return {
        "films": len(films),
        "adults": int(grown.sum()),
        "labels": rows_by_label,
        "over": [IDS[k] for k in usable],
        "mean": interval(
            mean_auc(y[adults], logits[adults], usable),
            [mean_auc(y[adults][r], logits[adults][r], usable) for r in adult_draws],
        ),
        "meanAll": interval(mean_auc(y, logits, usable), [mean_auc(y[r], logits[r], usable) for r in draws]),
        "peer": measure_peer([films[k] for k in adults], y[adults], logits[adults], data, FEW_TEST),
    }


def measure(films: list[Film], outcome: Outcome, data: Path) -> dict:
    """Cross-validated figures; `test` is measured apart, once."""
    y = np.stack([truth(film) for film in films])
    developed = np.flatnonzero(outcome.fold >= 0)
    some = [films[n] for n in developed]
    grown = np.array([film.age >= ADULT for film in some])
    y, logits, fold = y[developed], outcome.logits[developed], outcome.fold[developed]
    labels = []
    for k in range(len(IDS)):
        known = np.flatnonzero(grown & ~np.isnan(y[:, k]))
        labels.append(measure_label(k, [some[n] for n in known], y[known, k], logits[known, k], fold[known]))
    adults = np.flatnonzero(grown)
    patients = np.array([some[n].patient for n in adults])
    everything = list(range(len(IDS)))
    peer = read_peer(data)
    return {
        "films": {
            "all": len(films),
            "developed": len(some),
            "developedAdults": int(grown.sum()),
            "patients": len({film.patient for film in some}),
            "train": sum(film.split == "train" for film in films),
            "val": sum(film.split == "val" for film in films),
            "test": sum(film.split == "test" for film in films),
            "women": sum(film.sex == "F" for film in some),
            "men": sum(film.sex == "M" for film in some),
            "pa": sum(film.view == "PA" for film in some),
            "ap": sum(film.view == "AP" for film in some),
            "children": int((~grown).sum()),
            "rsna": sum(film.rsna != "" for film in some),
            "taught": sum(film.split == "train" and film.file in peer for film in films),
        },
        "mean": interval(
            mean_auc(y[adults], logits[adults], everything),
            [mean_auc(y[adults][r], logits[adults][r], everything) for r in by_patient(patients)],
        ),
        "labels": labels,
        "groups": measure_groups(some, y, logits),
        "peer": measure_peer([some[n] for n in adults], y[adults], logits[adults], data, FEW),
        "pointing": measure_pointing(films, outcome, data),
    }
