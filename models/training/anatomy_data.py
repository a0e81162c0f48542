"""The films of every source for the anatomy pack: annotators' masks, lung boxes, opacity boxes, and folds by patient."""
from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from mark import mark

FOLDS = 5
#: Its lungs are mislabelled (README of the films).
SKIP = {"images/cov-04e5826369.jpg"}
OPACITY = ("Ground Glass Opacities", "Consolidation")
NEEDED = ("Right Lung", "Left Lung", "Cardiomediastinum")
#: Near-duplicates: fine patterns that correlate by this or more. Films of different patients reach 0.84, copies begin at 0.85.
NEAR = 0.85

Box = tuple[float, float, float, float]


@dataclass
class Film:
    file: str
    source: str
    patient: str
    view: str
    age: str
    split: str
    licence: str
    width: int
    height: int
    #: 'Normal', 'Not Normal', 'Lung Opacity' or '' where no radiologist of RSNA read it
    reading: str
    #: paths of the annotators' masks by class
    masks: dict[str, str] = field(default_factory=dict)
    #: x, y, w, h in pixels of the film, by 'Right Lung' and 'Left Lung'
    lungs: dict[str, Box] = field(default_factory=dict)
    opacities: list[Box] = field(default_factory=list)
    fold: int = -1

    @property
    def masked(self) -> bool:
        return all(name in self.masks for name in NEEDED) and self.file not in SKIP


def read_reading(labels: str) -> str:
    reading = labels.partition("#RSNA:")[2].strip()
    return "Not Normal" if reading.startswith("No Lung Opacity") else reading.split(";")[0].strip()


def read_anatomy_films(data: Path) -> list[Film]:
    """Every chest film said to be frontal: NIH, Hannover, Kermany, and covid films that are PA or AP or have both lung boxes."""
    films: dict[str, Film] = {}
    with open(data / "images.csv", newline="") as table:
        for row in csv.DictReader(table):
            source = row["source"].split()[0]
            if source not in ("NIH", "Hannover", "Kermany", "covid-chestxray-dataset"):
                continue
            reading = read_reading(row["finding_labels"]) if source == "NIH" else ""
            films[row["file"]] = Film(
                row["file"],
                "covid" if source.startswith("covid") else source,
                f"{source}/{row['patient']}",
                row["view"],
                row["age"],
                row["split"],
                row["licence"],
                int(row["width"]),
                int(row["height"]),
                reading,
            )
    with open(data / "masks.csv", newline="") as table:
        for row in csv.DictReader(table):
            films[row["file"]].masks[row["class"]] = row["mask"]
    with open(data / "boxes.csv", newline="") as table:
        for row in csv.DictReader(table):
            box = tuple(float(row[k]) for k in "xywh")
            if row["label"] in ("Right Lung", "Left Lung"):
                films[row["file"]].lungs[row["label"]] = box
            elif row["label"] == "Lung Opacity (RSNA)":
                films[row["file"]].opacities.append(box)
    frontal = lambda film: film.view in ("PA", "AP", "AP Supine") or len(film.lungs) == 2
    return [film for film in films.values() if frontal(film)]


def read_truth(film: Film, data: Path) -> np.ndarray:
    """Annotators' masks [4, h, w] as 0 and 1, in the order of `MASKS`; opacity is ground glass or consolidation."""
    load = lambda name: np.asarray(Image.open(data / film.masks[name]).convert("L")) > 0
    opacity = np.zeros((film.height, film.width), bool)
    for name in OPACITY:
        if name in film.masks:
            opacity |= load(name)
    return np.stack([*(load(name) for name in NEEDED), opacity]).astype(np.uint8)


def detail(image: Image.Image) -> np.ndarray:
    """The fine pattern of a film as a unit vector: a 48 × 48 thumbnail less its own blur."""
    small = image.convert("L").resize((48, 48), Image.BOX)
    blur = small.resize((8, 8), Image.BOX).resize((48, 48), Image.BILINEAR)
    fine = (np.asarray(small, np.float32) - np.asarray(blur, np.float32)).ravel()
    return fine / (np.linalg.norm(fine) + 1e-6)


def group_duplicates(films: list[Film], data: Path) -> list[str]:
    """A group a film: patients joined where any of their films are near-duplicates. Kermany stays by patient."""
    parent: dict[str, str] = {film.patient: film.patient for film in films}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    some = [k for k, film in enumerate(films) if film.source != "Kermany"]
    details = np.stack([detail(Image.open(data / films[k].file)) for k in some])
    for a, b in zip(*np.nonzero(np.triu(details @ details.T, 1) >= NEAR)):
        parent[root(films[some[a]].patient)] = root(films[some[b]].patient)
    return [root(film.patient) for film in films]


def assign_anatomy_folds(films: list[Film], groups: list[str], seed: int = 1) -> None:
    """Sets `fold`: groups stay whole, masked films and then all films are dealt out evenly.

    −1 for films of `test`, and for films of train or val whose group has a film of `test`: those teach nobody.
    """
    held: dict[str, list[Film]] = {}
    for film, group in zip(films, groups):
        held.setdefault(group, []).append(film)
    order = sorted(group for group, members in held.items() if all(f.split != "test" for f in members))
    np.random.default_rng(seed).shuffle(order)
    order.sort(key=lambda g: (-sum(f.masked for f in held[g]), -len(held[g])))
    masked, size = np.zeros(FOLDS), np.zeros(FOLDS)
    for group in order:
        own = sum(f.masked for f in held[group])
        fold = int(np.lexsort((size, masked))[0]) if own else int(np.argmin(size))
        masked[fold] += own
        size[fold] += len(held[group])
        for film in held[group]:
            film.fold = fold


def gather_anatomy(data: Path, work: Path) -> list[Film]:
    """Films with their folds; near-duplicates are looked for once."""
    films = read_anatomy_films(data)
    path = work / f"anatomy-groups-{mark([film.file for film in films])}.json"
    if not path.exists():
        path.write_text(json.dumps(group_duplicates(films, data)))
    assign_anatomy_folds(films, json.loads(path.read_text()))
    return films
