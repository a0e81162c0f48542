"""What the unchanging networks see of every film's lungs, kept on disk: worked out once, in ONNX Runtime (ten times torch's speed here)."""
from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch

from data import Film
from export import frozen_graph
from lung_box import VIEW, LungBox, cut
from mark import mark
from network import CHANNELS, GRID, INPUT, NETS, SIZE, Features, region_masks, views_of
from packing import read_film
from transform import model_input

BATCH = 8


def cache_features(films: list[Film], lungs: LungBox, data: Path, work: Path, mirror: bool) -> tuple[np.ndarray, np.ndarray]:
    """What is read of every film, [films, 4], and its features or those of its mirror image [films, c, 10, 10] float16, from disk
    when they are there."""
    weights = [value.numpy().tobytes() for value in lungs.state_dict().values()]
    path = work / f"features-{mark(SIZE, INPUT, NETS, VIEW, *weights, [film.file for film in films])}{'-mirrored' if mirror else ''}.npy"
    looked = path.with_name(f"views-{path.name}")
    if path.exists():
        return np.load(looked), np.load(path, mmap_mode="r")
    started = time.time()
    session = frozen_graph(Features(), work / f"features-{SIZE}-lite{'-'.join(NETS)}.onnx", SIZE, threads=2)
    part = work / "features-part.npy"
    out = np.lib.format.open_memmap(part, "w+", np.float16, (len(films), CHANNELS, GRID, GRID))
    views = np.empty((len(films), 4), np.float32)
    with ThreadPoolExecutor(2) as pool, torch.no_grad():
        inputs = pool.map(lambda film: model_input(read_film(data / film.file), INPUT), films)
        for at in range(0, len(films), BATCH):
            image = torch.from_numpy(np.concatenate([next(inputs) for _ in films[at : at + BATCH]]))
            view = views_of(lungs, image)
            views[at : at + len(image)] = view.numpy()
            seen = cut(image, view, SIZE)
            out[at : at + len(image)] = session.run(None, {"image": (seen.flip(-1) if mirror else seen).numpy()})[0]
    out.flush()
    np.save(looked, views)
    part.rename(path)
    print(f"features {out.shape} in {time.time() - started:.0f} s", flush=True)
    return views, np.load(path, mmap_mode="r")


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
