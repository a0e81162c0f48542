"""Features of every film before block `CUT`, under the plain view and several jittered ones, kept on disk.

The lower part never changes, so it runs once for each view, in ONNX Runtime (ten times torch's speed here).
"""
from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from data import Film
from export import frozen_graph
from network import INPUT, MEAN, SIZE, STD, Lower, imagenet_backbone
from transform import grid


def jittered(film: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Light rotation (±7°), scale (0.88–1.12), shift (±4 %) and gamma (0.75–1.33). No mirror: the heart has a side."""
    height, width = film.shape
    angle = math.radians(chance.uniform(-7, 7))
    scale = math.exp(chance.uniform(-0.12, 0.12))
    dx, dy = chance.uniform(-0.04, 0.04, 2) * (width, height)
    c, s = math.cos(angle) / scale, math.sin(angle) / scale
    cx, cy = width / 2, height / 2
    matrix = (c, s, cx - c * (cx + dx) - s * (cy + dy), -s, c, cy + s * (cx + dx) - c * (cy + dy))
    moved = Image.fromarray(np.float32(film)).transform((width, height), Image.AFFINE, matrix, Image.BILINEAR)
    return np.clip(np.asarray(moved), 0, 1) ** math.exp(chance.uniform(-0.29, 0.29))


def view_of(path: Path, view: int, index: int) -> np.ndarray:
    """View 0 is the film as it is; others are jittered, the same way each time."""
    film = np.asarray(Image.open(path).convert("L"), np.float64) / 255.0
    if view > 0:
        film = jittered(film, np.random.default_rng([7, view, index]))
    return grid(film, INPUT)


def cache_view(films: list[Film], data: Path, work: Path, view: int) -> np.ndarray:
    """Features [films, c, h, w] float16 of one view, read from disk when they are there."""
    path = work / f"features-{view}.npy"
    if path.exists():
        return np.load(path, mmap_mode="r")
    started = time.time()
    session = frozen_graph(Lower(imagenet_backbone()), work / "lower.onnx", SIZE, threads=2)
    mean = np.asarray(MEAN, np.float32).reshape(1, 3, 1, 1)
    std = np.asarray(STD, np.float32).reshape(1, 3, 1, 1)
    parts = []
    with ThreadPoolExecutor(2) as pool:
        grids = pool.map(lambda k: view_of(data / films[k].file, view, k), range(len(films)))
        batch: list[np.ndarray] = []
        for k, one in enumerate(grids):
            batch.append(one)
            if len(batch) == 8 or k == len(films) - 1:
                tensor = ((np.stack(batch)[:, None] - mean) / std).astype(np.float32)
                parts.append(session.run(None, {"image": tensor})[0].astype(np.float16))
                batch = []
    features = np.concatenate(parts)
    np.save(work / "part.npy", features)
    (work / "part.npy").rename(path)
    print(f"view {view}: {features.shape} in {time.time() - started:.0f} s", flush=True)
    return np.load(path, mmap_mode="r")
