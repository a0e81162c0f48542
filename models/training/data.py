"""The NIH films, what is held to be true of each, and how they are divided into folds."""
from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: id, name on screen, word in the mined labels (None: defined by the RSNA reading alone)
FINDINGS = [
    ("atelectasis", "Atelectasis", "Atelectasis"),
    ("cardiomegaly", "Cardiomegaly", "Cardiomegaly"),
    ("effusion", "Pleural effusion", "Effusion"),
    ("infiltration", "Infiltration", "Infiltration"),
    ("mass", "Mass", "Mass"),
    ("nodule", "Nodule", "Nodule"),
    ("pneumonia", "Pneumonia", "Pneumonia"),
    ("pneumothorax", "Pneumothorax", "Pneumothorax"),
    ("consolidation", "Consolidation", "Consolidation"),
    ("edema", "Edema", "Edema"),
    ("emphysema", "Emphysema", "Emphysema"),
    ("fibrosis", "Fibrosis", "Fibrosis"),
    ("pleural-thickening", "Pleural thickening", "Pleural_Thickening"),
    ("hernia", "Hiatal hernia", "Hernia"),
    ("lung-opacity", "Lung opacity", None),
]
IDS = [row[0] for row in FINDINGS]
MINED = {row[2]: k for k, row in enumerate(FINDINGS) if row[2]}
ADULT = 18
FOLDS = 5


@dataclass(frozen=True)
class Film:
    file: str
    patient: str
    sex: str
    age: int
    view: str
    split: str
    mined: frozenset[str]
    #: 'Normal', 'Not Normal' (no opacity), 'Lung Opacity', or '' where no radiologist of RSNA read it
    rsna: str
    width: int
    height: int


def read_films(data: Path) -> list[Film]:
    """Every NIH film of `images.csv`, in its order."""
    films = []
    with open(data / "images.csv", newline="") as table:
        for row in csv.DictReader(table):
            if not row["source"].startswith("NIH"):
                continue
            mined, _, reading = row["finding_labels"].partition("#RSNA:")
            reading = reading.strip()
            rsna = "Not Normal" if reading.startswith("No Lung Opacity") else reading.split(";")[0].strip()
            films.append(
                Film(
                    row["file"],
                    row["patient"],
                    row["sex"],
                    int(row["age"]),
                    row["view"],
                    row["split"],
                    frozenset(word.strip() for word in mined.split("|")),
                    rsna,
                    int(row["width"]),
                    int(row["height"]),
                )
            )
    return films


def truth(film: Film) -> np.ndarray:
    """What a film is measured against: 1, 0, or NaN (masked: not known well enough to count).

    A radiologist's reading stands above a mined word. 'Normal' makes every finding negative. 'Not
    Normal' (no opacity) makes pneumonia negative and leaves a mined infiltration or consolidation
    undecided. 'Lung Opacity' leaves opacity-like findings that the report did not name undecided.
    Pneumonia counts only where a radiologist read the film, since fewer than half of the mined
    pneumonias that were read again had any opacity.
    """
    y = np.zeros(len(IDS), np.float32)
    for word in film.mined & MINED.keys():
        y[MINED[word]] = 1
    at = IDS.index
    if film.rsna == "":
        y[at("lung-opacity")] = np.nan
        y[at("pneumonia")] = np.nan
    elif film.rsna == "Normal":
        y[:] = 0
    elif film.rsna == "Not Normal":
        y[at("lung-opacity")] = 0
        y[at("pneumonia")] = 0
        for name in ("infiltration", "consolidation"):
            if y[at(name)] == 1:
                y[at(name)] = np.nan
    elif film.rsna == "Lung Opacity":
        y[at("lung-opacity")] = 1
        if y[at("pneumonia")] == 0:
            y[at("pneumonia")] = np.nan
        if "No Finding" in film.mined:
            for name in ("infiltration", "consolidation"):
                y[at(name)] = np.nan
    else:
        raise ValueError(f"{film.file}: expected one of RSNA's three readings, found '{film.rsna}'")
    return y


def lesson(film: Film) -> tuple[np.ndarray, np.ndarray]:
    """What a film teaches: targets and their weights. Only pneumonia differs from `truth`:
    a mined word without a reading teaches it with weight 0.3."""
    y = truth(film)
    weight = np.where(np.isnan(y), 0, 1).astype(np.float32)
    if film.rsna == "":
        k = IDS.index("pneumonia")
        y[k] = float("Pneumonia" in film.mined)
        weight[k] = 0.3
    return np.nan_to_num(y), weight


def read_peer(data: Path) -> dict[str, np.ndarray]:
    """Probabilities of the public DenseNet-121 by file, in the order of `IDS`; lung opacity is NaN."""
    peer = {}
    with open(data / "chexnet-predictions.csv", newline="") as table:
        for row in csv.DictReader(table):
            peer[row["file"]] = np.array(
                [float(row[word]) if word else np.nan for _, _, word in FINDINGS], np.float32
            )
    return peer


def read_boxes(data: Path) -> dict[str, list[tuple[str, float, float, float, float]]]:
    """(label, x, y, w, h) in pixels of the file, for NIH films."""
    boxes: dict[str, list[tuple[str, float, float, float, float]]] = {}
    with open(data / "boxes.csv", newline="") as table:
        for row in csv.DictReader(table):
            if "/nih-" in row["file"]:
                place = (row["label"], *(float(row[k]) for k in "xywh"))
                boxes.setdefault(row["file"], []).append(place)
    return boxes


def assign_folds(films: list[Film], seed: int = 1) -> np.ndarray:
    """Fold of each film (−1: test). Patients stay whole; rare findings are dealt out evenly.

    Greedy: patients with the rarest findings first, each to the fold that lacks those findings most.
    """
    develop = [k for k, film in enumerate(films) if film.split in ("train", "val")]
    truths = {k: np.nan_to_num(truth(films[k])) for k in develop}
    rarity = 1 / np.maximum(1, sum(truths.values()))
    patients: dict[str, list[int]] = {}
    for k in develop:
        patients.setdefault(films[k].patient, []).append(k)
    order = list(patients)
    np.random.default_rng(seed).shuffle(order)
    score = {p: sum(float(truths[k] @ rarity) for k in patients[p]) for p in order}
    order.sort(key=lambda p: -score[p])
    held = np.zeros((FOLDS, len(IDS)))
    size = np.zeros(FOLDS)
    fold = np.full(len(films), -1)
    for p in order:
        own = sum(truths[k] for k in patients[p])
        need = held @ (own * rarity) + size / len(develop)
        f = int(np.argmin(need))
        held[f] += own
        size[f] += len(patients[p])
        fold[patients[p]] = f
    return fold
