"""Every input of the gate (films as they are, and kinds made of them) as pooled features, kept on disk."""
from __future__ import annotations

import json
import subprocess
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from export import frozen_graph
from gate_films import Film
from gate_kinds import NAMES, TURNS, blank, drawn, of_kind, usual
from gate_network import FEATURES, INPUT, SIZE, Pooled
from backbone import MEAN, STD
from transform import grid

BLANKS, DRAWN, PHANTOMS = 400, 60, 140
#: Jittered copies of films that may teach, by kind.
COPIES = {"frontal": 1, "lateral": 16, "other-part": 3, "section": 1, "inverted": 4, "cropped": 2}
#: Further copies of what is made of a film and is hardest to tell.
MORE = {"cropped": 2, "screen-photo": 2}
MADE = ("mirrored", "inverted", *TURNS, "cropped", "screen-photo")


@dataclass(frozen=True)
class Example:
    #: Number of the film; −1 for what no film was needed for.
    film: int
    kind: str
    #: 0: nothing but the kind was done to the film. Only these are measured where a plain film of the kind exists.
    copy: int


def examples_of(films: list[Film]) -> list[Example]:
    """Everything that is taught or measured, of films of all splits."""
    out = []
    for k, film in enumerate(films):
        out.append(Example(k, film.kind, 0))
        chance = np.random.default_rng([12, k])
        teaches = film.split != "test" and (film.teaches or film.kind == "lateral")
        few = film.source in ("kermany", "covid-other-terms")
        if teaches and film.source != "kermany":
            out += [Example(k, film.kind, n + 1) for n in range(COPIES.get(film.kind, 0))]
            if film.source == "roco":  # figures with frames and arrows, and the only lateral films that may teach
                more = {"frontal": (2, 5), "lateral": (17, 41)}.get(film.kind, (0, 0))
                out += [Example(k, film.kind, n) for n in range(*more)]
        if film.kind != "frontal":
            continue
        # Of every film some kinds as they are, and one or two as a rough way would have left them.
        kinds = chance.permutation(MADE)
        if film.source == "kermany":
            kinds = kinds[: int(chance.random() < 0.5)]
        out += [Example(k, str(kind), 0) for kind in kinds[: 1 if few else 3]]
        if teaches and not few:
            out += [Example(k, str(kind), 1) for kind in kinds[3:5]]
            out += [Example(k, kind, 1 + n) for kind, copies in MORE.items() for n in range(1, 1 + copies)]
    out += [Example(-1, "blank", n) for n in range(BLANKS)]
    out += [Example(-1, "synthetic", n) for n in range(DRAWN + PHANTOMS)]
    return out


def key_of(example: Example, films: list[Film]) -> str:
    """Names the picture; the same key is always the same picture."""
    if example.film < 0:
        return f"made|{example.kind}|{example.copy}"
    film = films[example.film]
    return f"{film.file}|{'itself' if example.kind == film.kind else example.kind}|{example.copy}"


def draw_phantoms(work: Path) -> None:
    """The program's own phantoms (TypeScript) as PNG files."""
    folder = work / "phantoms"
    if not (folder / f"phantom-{PHANTOMS - 1}.png").exists():
        subprocess.run(["node", Path(__file__).parent / "gate_phantoms.ts", folder, str(PHANTOMS)], check=True)


def picture_of(example: Example, films: list[Film], data: Path, work: Path) -> np.ndarray:
    """The example as values in [0,1], the same each time."""
    chance = np.random.default_rng([11, zlib.crc32(key_of(example, films).encode())])
    if example.kind == "blank" and example.film < 0:
        return blank(chance)
    if example.kind == "synthetic":
        if example.copy < DRAWN:
            return drawn(chance)
        film = np.asarray(Image.open(work / f"phantoms/phantom-{example.copy - DRAWN}.png").convert("L"), np.float64) / 255
        return usual(film, chance) if chance.random() < 0.5 else film
    film = np.asarray(Image.open(data / films[example.film].file).convert("L"), np.float64) / 255
    changed = example.copy > 0
    made = example.kind != films[example.film].kind
    if changed and made and chance.random() < 0.5:
        film = usual(film, chance)
    if made:
        film = of_kind(example.kind, film, chance)
    if example.kind == "lateral" and changed and chance.random() < 0.5:
        film = film[:, ::-1]
    return usual(film, chance) if changed and (not made or chance.random() < 0.6) else film


def gate_features(films: list[Film], examples: list[Example], data: Path, work: Path) -> np.ndarray:
    """[examples, FEATURES] float16. What was computed before is taken from `work`; a run that was stopped goes on."""
    work.mkdir(parents=True, exist_ok=True)
    draw_phantoms(work)
    keys = [key_of(example, films) for example in examples]
    rows, listing = work / "features.npy", work / "features.json"
    known: dict[str, int] = {}
    features = np.full((len(examples), FEATURES), np.nan, np.float16)
    if rows.exists():
        before = np.load(rows, mmap_mode="r")
        known = {key: n for n, key in enumerate(json.loads(listing.read_text()))}
        there = [n for n, key in enumerate(keys) if key in known]
        features[there] = before[[known[keys[n]] for n in there]]
    todo = np.flatnonzero(np.isnan(features[:, 0]))
    if len(todo) == 0:
        return features
    net = frozen_graph(Pooled(), work / "pooled.onnx", SIZE, threads=1)
    mean, std = (np.asarray(v, np.float32).reshape(3, 1, 1) for v in (MEAN, STD))
    one = lambda n: ((grid(picture_of(examples[n], films, data, work), INPUT)[None] - mean) / std).astype(np.float32)
    started = time.time()
    for at in range(0, len(todo), 8):
        part = todo[at : at + 8]
        features[part] = net.run(None, {"image": np.stack([one(n) for n in part])})[0].astype(np.float16)
        if at % 2048 == 0 or at + 8 >= len(todo):
            np.save(work / "features-new.npy", features)
            (work / "features-new.npy").rename(rows)
            listing.write_text(json.dumps(keys))
            print(f"{at + len(part)} of {len(todo)} inputs, {time.time() - started:.0f} s", flush=True)
    return features


def kind_number(examples: list[Example]) -> np.ndarray:
    return np.array([NAMES.index(example.kind) for example in examples])
