"""What the unchanging networks see on every film, kept on disk: it is worked out once, in ONNX Runtime (ten times torch's speed here)."""
from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np

from data import Film
from export import frozen_graph
from network import CHANNELS, GRID, INPUT, MEAN, NETS, SIZE, STD, Features, region_masks
from packing import read_film
from transform import grid

BATCH = 8


def names_of(films: list[Film]) -> str:
    """Tells one list of films from another in the name of a file."""
    return sha256(" ".join(film.file for film in films).encode()).hexdigest()[:8]


def cache_features(films: list[Film], data: Path, work: Path) -> np.ndarray:
    """Features [films, c, 10, 10] float16 of every film, read from disk when they are there."""
    path = work / f"features-{SIZE}-lite{'-'.join(NETS)}-{names_of(films)}.npy"
    if path.exists():
        return np.load(path, mmap_mode="r")
    started = time.time()
    session = frozen_graph(Features(), work / f"features-{SIZE}-lite{'-'.join(NETS)}.onnx", SIZE, threads=2)
    mean = np.asarray(MEAN, np.float32).reshape(1, 3, 1, 1)
    std = np.asarray(STD, np.float32).reshape(1, 3, 1, 1)
    part = work / "features-part.npy"
    out = np.lib.format.open_memmap(part, "w+", np.float16, (len(films), CHANNELS, GRID, GRID))
    with ThreadPoolExecutor(2) as pool:
        grids = pool.map(lambda film: grid(read_film(data / film.file), INPUT), films)
        for at in range(0, len(films), BATCH):
            some = np.stack([next(grids) for _ in films[at : at + BATCH]])
            out[at : at + len(some)] = session.run(None, {"image": ((some[:, None] - mean) / std).astype(np.float32)})[0]
    out.flush()
    part.rename(path)
    print(f"features {out.shape} in {time.time() - started:.0f} s", flush=True)
    return np.load(path, mmap_mode="r")


def pool_features(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean of each film [films, c], and that of each region less it [films, 9, c]."""
    masks = region_masks().numpy()
    masks /= masks.sum((1, 2), keepdims=True)
    whole = np.empty((len(features), CHANNELS), np.float32)
    regions = np.empty((len(features), len(masks), CHANNELS), np.float32)
    for k, film in enumerate(features):
        film = film.astype(np.float32)
        whole[k] = film.mean((1, 2))
        regions[k] = np.einsum("cyx,ryx->rc", film, masks) - whole[k]
    return whole, regions
