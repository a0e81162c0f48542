"""The films of the gate: what each shows, whose it is, what may teach, and the folds that keep near-duplicates together."""
from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
FOLDS = 5
ADULT = 18
#: Children's films of Kermany beyond this number teach nothing new about adults.
MOST_CHILDREN = {"train": 900, "val": 100, "test": 100}
#: Two pictures whose 256-bit difference hashes differ in at most this many bits are taken for the same.
SAME = 16


#: Films that their set calls frontal and that lie upside down or inverted in it. A first version of the gate refused
#: them; looked at, it was right.
REALLY = {
    "images/nih-00003490_011.jpg": "upside-down",
    "images/nih-00017999_000.jpg": "inverted",
    "images/nih-00017625_000.jpg": "inverted",
}


@dataclass(frozen=True)
class Film:
    file: str
    #: 'nih', 'hannover', 'kermany', 'roco', 'covid', 'covid-other-terms' (measured, never taught)
    source: str
    #: patient, or source article
    owner: str
    kind: str
    child: bool
    teaches: bool
    split: str


def open_terms(licence: str) -> bool:
    """CC BY, CC BY-SA and CC0 of any version; no NC, no ND, nothing unstated."""
    return licence.startswith(("CC BY", "CC0")) and "NC" not in licence and "ND" not in licence


def read_gate_films(data: Path) -> list[Film]:
    """Frontal and lateral films of `images.csv`, and every ROCO figure under the label it was given by eye."""
    films = []
    names = {"NIH": "nih", "Han": "hannover", "Ker": "kermany", "cov": "covid"}
    children = {"train": 0, "val": 0, "test": 0}
    with open(data / "images.csv", newline="") as table:
        for row in csv.DictReader(table):
            source = names[row["source"][:3]]
            if row["view"] not in ("PA", "AP", "AP Supine", "L"):
                continue
            allowed = source != "covid" or open_terms(row["licence"])
            child = source == "kermany" or (row["age"].isdigit() and int(row["age"]) < ADULT)
            if source == "kermany":
                children[row["split"]] += 1
                if children[row["split"]] > MOST_CHILDREN[row["split"]]:
                    continue
            films.append(
                Film(
                    row["file"],
                    source if allowed else "covid-other-terms",
                    row["patient"],
                    REALLY.get(row["file"], "lateral" if row["view"] == "L" else "frontal"),
                    child,
                    allowed,
                    row["split"],
                )
            )
    with open(HERE / "gate-roco-labels.csv", newline="") as table:
        labels = {row["id"]: row["label"] for row in csv.DictReader(table)}
    with open(data / "captions.csv", newline="") as table:
        for row in csv.DictReader(table):
            label = labels[Path(row["file"]).stem]
            if label == "unsure":
                continue
            kind = "frontal" if label == "frontal-child" else label
            films.append(Film(row["file"], "roco", row["article"], kind, label == "frontal-child", True, row["split"]))
    return films


def difference_hash(path: Path) -> np.ndarray:
    """256 bits: on a 17 × 16 reduction of the picture, whether it brightens to the right."""
    small = np.asarray(Image.open(path).convert("L").resize((17, 16), Image.BOX), np.int16)
    return (small[:, 1:] > small[:, :-1]).ravel()


def groups_of(films: list[Film], data: Path) -> np.ndarray:
    """A number for each film; films of one patient or article, or that look the same, share it."""
    bits = np.stack([difference_hash(data / film.file) for film in films]).astype(np.float32)
    ones = bits.sum(1)
    parent = list(range(len(films)))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    owners: dict[tuple[str, str], int] = {}
    for k, film in enumerate(films):
        first = owners.setdefault((film.source[:5], film.owner), k)
        parent[root(k)] = root(first)
    for start in range(0, len(films), 512):
        rows = bits[start : start + 512]
        apart = ones[start : start + 512, None] + ones[None] - 2 * rows @ bits.T
        # A picture with next to no edges (mostly black) has a hash that says nothing.
        near = (apart <= SAME) & (ones[start : start + 512, None] > 24)
        for i, j in zip(*np.nonzero(near)):
            parent[root(int(j))] = root(start + int(i))
    return np.array([root(k) for k in range(len(films))])


def assign_gate_folds(films: list[Film], groups: np.ndarray, seed: int = 1) -> np.ndarray:
    """Fold of each film; −1 `test`; −2 left out, because its group also has a film in `test`."""
    fold = np.full(len(films), -2)
    tested = {groups[k] for k, film in enumerate(films) if film.split == "test"}
    for k, film in enumerate(films):
        if film.split == "test":
            fold[k] = -1
    # Where a group lies in several sources, each source still gets its films dealt out evenly.
    chance = np.random.default_rng(seed)
    free = [g for g in dict.fromkeys(groups) if g not in tested]
    chance.shuffle(free)
    members: dict[int, list[int]] = {}
    for k, g in enumerate(groups):
        members.setdefault(g, []).append(k)
    held: dict[tuple[str, str], np.ndarray] = {}
    for g in sorted(free, key=lambda g: -len(members[g])):
        key = (films[members[g][0]].source, films[members[g][0]].kind)
        size = held.setdefault(key, np.zeros(FOLDS))
        f = int(np.argmin(size))
        size[f] += len(members[g])
        fold[members[g]] = f
    return fold
