"""Teaches the lung box: two networks from people's boxes, then a third from these boxes and from what the two agree on elsewhere."""
from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from anatomy_augment import shade
from anatomy_data import Film as ChestFilm
from anatomy_data import gather_anatomy
from backbone import input_of
from data import Film
from lung_box import BOX_SIZE, LungBox
from mark import mark
from packing import read_film
from steps import Pace, normalise, run_steps, shuffled
from transform import grid, letterbox

#: Films are kept at this size for augmentation.
KEPT = 288
#: Whose boxes may teach a pack that is not for research alone.
FREE = re.compile(r"CC (BY|BY-SA)( \d\.\d)?|CC0( \d\.\d)?")


@dataclass(frozen=True)
class BoxSettings(Pace):
    #: Steps from people's boxes, of each of the two; then with the films that have none.
    steps: int = 500
    more: int = 900
    batch: int = 12
    rate: float = 2e-3
    #: Of the augmentation of greys, 0 … 1.
    strength: float = 0.6
    seed: int = 1


def is_free(licence: str) -> bool:
    """Whether a film's licence allows more than research: 'CC BY 3.0' and the like."""
    return FREE.fullmatch(licence) is not None


def box_of(film: ChestFilm) -> np.ndarray:
    """Left, top, right, bottom of both lungs as fractions of the model grid."""
    x, y, w, h = np.array(list(film.lungs.values())).T
    at = letterbox(film.width, film.height, 1000, 1000)
    scale = at.width / film.width
    return np.array([at.x + x.min() * scale, at.y + y.min() * scale, at.x + (x + w).max() * scale, at.y + (y + h).max() * scale]) / 1000


def boxed_films(data: Path, work: Path) -> tuple[list[ChestFilm], list[ChestFilm]]:
    """Films with a person's lung boxes and not near a film of `test`: those that may teach, and the others, which measure."""
    boxed = [film for film in gather_anatomy(data, work) if len(film.lungs) == 2 and film.fold != -1]
    return [f for f in boxed if is_free(f.licence)], [f for f in boxed if not is_free(f.licence)]


def grids_of(files: list[str], data: Path, size: int) -> torch.Tensor:
    """Model grids [n,1,size,size] in [0,1]."""
    spec = input_of(size)
    with ThreadPoolExecutor(2) as pool:
        return torch.from_numpy(np.stack(list(pool.map(lambda file: grid(read_film(data / file), spec), files))))[:, None]


def mirrored(box: torch.Tensor) -> torch.Tensor:
    return torch.stack([1 - box[:, 2], box[:, 1], 1 - box[:, 0], box[:, 3]], 1)


def vary(greys: torch.Tensor, box: torch.Tensor, chance: torch.Generator, strength: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Films [n,1,s,s] and boxes moved, scaled, half of them mirrored, and shaded: [n,1,192,192] and [n,4]."""
    n = len(greys)
    draw = lambda low, high: low + (high - low) * torch.rand(n, generator=chance)
    scale, aspect = torch.exp(draw(-0.3, 0.3)), torch.exp(draw(-0.12, 0.12))
    x, y, w, h = draw(0.38, 0.62), draw(0.38, 0.62), scale * aspect, scale / aspect
    matrix = torch.zeros(n, 2, 3)
    matrix[:, 0, 0], matrix[:, 1, 1], matrix[:, 0, 2], matrix[:, 1, 2] = w, h, 2 * x - 1, 2 * y - 1
    field = functional.affine_grid(matrix, (n, 1, BOX_SIZE, BOX_SIZE), align_corners=False)
    both = functional.grid_sample(torch.cat([greys, torch.ones_like(greys)], 1), field, align_corners=False)
    film = shade(both[:, :1], both[:, 1:], chance, strength)
    corner, size = torch.stack([x - w / 2, y - h / 2] * 2, 1), torch.stack([w, h] * 2, 1)
    moved = ((box - corner) / size).clamp(-0.1, 1.1)
    flips = torch.rand(n, generator=chance) < 0.5
    film[flips], moved[flips] = film[flips].flip(-1), mirrored(moved[flips])
    return film, moved


def find(network: LungBox, greys: torch.Tensor) -> torch.Tensor:
    """Boxes [n,4] of films [n,1,192,192]."""
    network.eval()
    with torch.no_grad():
        return torch.cat([network(normalise(some)) for some in greys.split(16)])


def find_twice(network: LungBox, greys: torch.Tensor) -> torch.Tensor:
    """As `find`, each box the mean over the film and its mirror image."""
    return (find(network, greys) + mirrored(find(network, greys.flip(-1)))) / 2


def teach(pools: list[tuple[torch.Tensor, torch.Tensor]], seed: int, steps: int, settings: BoxSettings, save: Path, log) -> LungBox:
    """A network that learned from pools of films and boxes, equally many of each pool in every batch."""
    torch.manual_seed(seed)
    network = LungBox().to(memory_format=torch.channels_last)
    if save.exists():
        network.load_state_dict(torch.load(save))
        return network.eval()
    chance = torch.Generator().manual_seed(seed)
    size = settings.batch // len(pools)
    orders = [shuffled(len(greys), steps * size, np.random.default_rng([seed, n])) for n, (greys, _) in enumerate(pools)]

    def batch(step: int):
        rows = [order[step * size : (step + 1) * size] for order in orders]
        greys, boxes = (torch.cat([pool[k][r] for pool, r in zip(pools, rows)]) for k in (0, 1))
        return vary(greys, boxes, chance, settings.strength)

    part = save.with_name(f"{save.stem}-part.pt")
    distance = lambda found, box: (found - box).abs().mean()
    run_steps(network, batch, steps, settings.rate, settings, chance, part, log, distance)
    torch.save(network.state_dict(), save)
    return network.eval()


def overlap(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes [n,4] and [n,4]."""
    size = np.clip(np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2]), 0, None)
    area = lambda box: (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
    both = size.prod(1)
    return both / (area(a) + area(b) - both)


def lung_box(films: list[Film], data: Path, work: Path, settings: BoxSettings, log) -> tuple[LungBox, dict]:
    """The network that ships, and how well it finds lungs on films with boxes that taught nothing here.

    From the NIH films of `train` and `val` it learns without any of their labels.
    """
    own, others = boxed_films(data, work)
    boxes = np.stack([box_of(film) for film in own])
    boxed = (grids_of([f.file for f in own], data, KEPT), torch.from_numpy(boxes).float())
    free = [film.file for film in films if film.split in ("train", "val")]
    name = f"lung-box-{mark(settings, KEPT, BOX_SIZE, [film.file for film in own], boxes.tobytes(), free)}"
    seed = settings.seed * 10
    first = [teach([boxed], seed + n, settings.steps, settings, work / f"{name}-{n}.pt", log) for n in (1, 2)]
    small = grids_of(free, data, BOX_SIZE)
    agreed = torch.stack([find_twice(network, small) for network in first]).mean(0)
    unboxed = (grids_of(free, data, KEPT), agreed)
    network = teach([boxed, unboxed], seed + 3, settings.more, settings, work / f"{name}-3.pt", log)
    found = find(network, grids_of([f.file for f in others], data, BOX_SIZE)).numpy()
    found = overlap(found, np.stack([box_of(f) for f in others]))
    measured = {
        "taught": len(own),
        "unboxed": len(free),
        "films": len(others),
        "mean": round(float(found.mean()), 3),
        "p5": round(float(np.quantile(found, 0.05)), 3),
        "least": round(float(found.min()), 3),
    }
    return network, measured
