"""Every input of the gate (films as they are, and kinds made of them) as pooled features, kept on disk."""
from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from gate_films import Film
from gate_kinds import ACCEPTED, NAMES, TURNS, blank, drawn, of_kind, usual
from gate_network import FEATURES, INPUT, MEAN, SIZE, STD, Pooled
from transform import grid

BLANKS, DRAWN, PHANTOMS = 600, 100, 200
#: Kermany films that are turned, inverted and so on; the rest only teach what a frontal film is.
CHILDREN_MADE = 500
#: Jittered copies of films of kinds that are rare.
COPIES = {"lateral": 24, "other-part": 1, "section": 1, "inverted": 4, "cropped": 2}
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
    children = {"train": 0, "val": 0, "test": 0}
    for k, film in enumerate(films):
        out.append(Example(k, film.kind, 0))
        if film.kind != "frontal":
            if film.split != "test" and (film.teaches or film.kind == "lateral"):
                out += [Example(k, film.kind, n + 1) for n in range(COPIES[film.kind])]
            continue
        if film.source == "kermany":
            children[film.split] += 1
            if children[film.split] > {"train": CHILDREN_MADE, "val": 60, "test": 60}[film.split]:
                continue
        if film.split != "test" and film.teaches:
            out += [Example(k, "frontal", n + 1) for n in range(2)]
        for kind in MADE:
            out.append(Example(k, kind, 0))
            if film.split != "test" and film.teaches and film.source != "kermany":
                out.append(Example(k, kind, 1))
    out += [Example(-1, "blank", n) for n in range(BLANKS)]
    out += [Example(-1, "synthetic", n) for n in range(DRAWN + PHANTOMS)]
    return out


def draw_phantoms(work: Path) -> None:
    """The program's own phantoms (TypeScript) as PNG files."""
    folder = work / "phantoms"
    if not (folder / f"phantom-{PHANTOMS - 1}.png").exists():
        subprocess.run(["node", Path(__file__).parent / "gate_phantoms.ts", folder, str(PHANTOMS)], check=True)


def picture_of(example: Example, index: int, films: list[Film], data: Path, work: Path) -> np.ndarray:
    """The example as values in [0,1], the same each time."""
    chance = np.random.default_rng([11, index])
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


def session(work: Path):
    """The frozen part in ONNX Runtime, batches of any size, one thread."""
    import onnxruntime as ort

    path = work / "pooled.onnx"
    if not path.exists():
        torch.onnx.export(
            Pooled().eval(),
            torch.zeros(1, 3, SIZE, SIZE),
            str(path),
            opset_version=13,
            input_names=["image"],
            output_names=["features"],
            dynamic_axes={"image": {0: "n"}, "features": {0: "n"}},
        )
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def gate_features(films: list[Film], examples: list[Example], data: Path, work: Path) -> np.ndarray:
    """[examples, FEATURES] float16. Resumes: rows of NaN are still to be computed."""
    work.mkdir(parents=True, exist_ok=True)
    draw_phantoms(work)
    path = work / "features.npy"
    if path.exists():
        features = np.lib.format.open_memmap(path, mode="r+")
        if features.shape[0] != len(examples):
            raise ValueError(f"{path}: expected {len(examples)} rows, found {features.shape[0]}; remove it")
    else:
        features = np.lib.format.open_memmap(path, "w+", np.float16, (len(examples), FEATURES))
        features[:] = np.nan
    todo = np.flatnonzero(np.isnan(features[:, 0]))
    if len(todo) == 0:
        return features
    net = session(work)
    mean, std = (np.asarray(v, np.float32).reshape(3, 1, 1) for v in (MEAN, STD))
    one = lambda n: ((grid(picture_of(examples[n], int(n), films, data, work), INPUT)[None] - mean) / std).astype(np.float32)
    started = time.time()
    with ThreadPoolExecutor(1) as pool:
        for at in range(0, len(todo), 256):
            part = todo[at : at + 256]
            inputs = list(pool.map(one, part))
            for b in range(0, len(part), 8):
                features[part[b : b + 8]] = net.run(None, {"image": np.stack(inputs[b : b + 8])})[0].astype(np.float16)
            if at // 256 % 10 == 0:
                print(f"{at + len(part)} of {len(todo)} inputs, {time.time() - started:.0f} s", flush=True)
    features.flush()
    return features


def kind_number(examples: list[Example]) -> np.ndarray:
    return np.array([NAMES.index(example.kind) for example in examples])


__all__ = ["ACCEPTED", "Example", "examples_of", "gate_features", "kind_number", "picture_of"]
