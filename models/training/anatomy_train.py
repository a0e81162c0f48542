"""Training of the anatomy network on masked films; the mean of the last weights is kept."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from anatomy_augment import augment
from anatomy_data import Film, read_truth
from anatomy_network import INPUT, SIZE, Anatomy
from packing import read_film
from steps import Pace, normalise, run_steps, shuffled
from transform import grid, place, stretch

#: Films are kept at this size for augmentation.
KEPT = 288


@dataclass(frozen=True)
class AnatomySettings(Pace):
    #: Steps, the first of them on small views, which cost less than half.
    small: int = 240
    large: int = 240
    small_size: int = 128
    #: Steps on all films with which the final network goes on from the first fold's.
    more: int = 100
    batch: int = 4
    rate: float = 3.5e-3
    mirrors: float = 0.0
    #: Of all augmentation, 0 … 1.
    strength: float = 0.55
    seed: int = 1
    #: Steps on masked films and films with the network's own labels, half and half; see `anatomy_own.py`.
    own: int = 700
    own_rate: float = 1.2e-3

    def name(self) -> str:
        """Of the files that these settings make; what came before the own labels does not depend on them."""
        values = [str(value) for value in asdict(self).values()]
        return "-".join(values if self.own > 0 else values[:-2])


def kept(path: Path) -> np.ndarray:
    """[2, KEPT, KEPT] uint8: greys after the pack's clip, and 255 inside the film."""
    values, box = place(read_film(path), KEPT, KEPT)
    out = np.zeros((2, KEPT, KEPT), np.uint8)
    rows, columns = slice(box.y, box.y + box.height), slice(box.x, box.x + box.width)
    out[0, rows, columns] = np.round(stretch(values, INPUT["clip"]) * 255)
    out[1, rows, columns] = 255
    return out


def kept_masks(masks: np.ndarray) -> np.ndarray:
    """Masks [c, h, w] in [0,1] at the film's size → uint8 [c, KEPT, KEPT] in the kept frame."""
    out = np.zeros((len(masks), KEPT, KEPT), np.uint8)
    for channel, mask in zip(out, masks):
        values, box = place(mask, KEPT, KEPT)
        channel[box.y : box.y + box.height, box.x : box.x + box.width] = np.round(np.clip(values, 0, 1) * 255)
    return out


def gather_grids(films: list[Film], data: Path, work: Path) -> np.ndarray:
    """The model grid of every film, uint8 [films, SIZE, SIZE], kept on disk."""
    path = work / f"anatomy-grids-{SIZE}-{len(films)}.npy"
    if path.exists():
        return np.load(path, mmap_mode="r")
    with ThreadPoolExecutor(2) as pool:
        grids = pool.map(lambda film: np.round(grid(read_film(data / film.file), INPUT) * 255).astype(np.uint8), films)
        np.save(work / "grids-part.npy", np.stack(list(grids)))
    (work / "grids-part.npy").rename(path)
    return np.load(path, mmap_mode="r")


def predict(network: Anatomy, grids: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Probabilities [rows, 4, SIZE/2, SIZE/2] float32."""
    network.eval()
    parts = []
    with torch.no_grad():
        for start in range(0, len(rows), 8):
            greys = torch.from_numpy(np.asarray(grids[rows[start : start + 8]], np.float32) / 255)[:, None]
            parts.append(torch.sigmoid(network(normalise(greys))).contiguous().numpy())
    return np.concatenate(parts)


def mask_loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """truth [n,5,h,w]: four targets and the weight of the last. Cross-entropy and soft Dice, opacity at a quarter."""
    target, weight = truth[:, :4], torch.ones_like(truth[:, :4])
    weight[:, 3] = truth[:, 4]
    importance = torch.tensor([1, 1, 1.4, 0.25])
    cross = (functional.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight).mean((0, 2, 3))
    p = torch.sigmoid(logits) * weight
    overlap = (2 * (p * target).sum((0, 2, 3)) + 1) / ((p + target * weight).sum((0, 2, 3)) + 1)
    return ((2 * cross + (1 - overlap)) * importance).sum()


def tensor_of(kept_rows: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(kept_rows).float() / 255


def masked_tensors(films: list[Film], data: Path, work: Path) -> dict[int, np.ndarray]:
    """[7, KEPT, KEPT] of every masked film by its row: greys, inside, four masks, weight of opacity."""
    rows = [k for k, film in enumerate(films) if film.masked and film.split != "test"]
    path = work / f"anatomy-masked-{KEPT}-{len(rows)}.npy"
    if not path.exists():
        full = np.full((1, KEPT, KEPT), 255, np.uint8)
        parts = [np.concatenate([kept(data / films[k].file), kept_masks(read_truth(films[k], data)), full]) for k in rows]
        np.save(path, np.stack(parts))
    return dict(zip(rows, np.load(path)))


def train_masked(films, masked, work: Path, fold: int, settings: AnatomySettings, log) -> Anatomy:
    """The network that learned from the masked films outside `fold`. −1: from all, going on from the first fold's."""
    final = work / f"anatomy-{settings.name()}-fold{fold}.pt"
    torch.manual_seed(settings.seed * 100 + fold)
    network = Anatomy().to(memory_format=torch.channels_last)
    if final.exists():
        network.load_state_dict(torch.load(final))
        return network.eval()
    small, steps, rate = settings.small, settings.small + settings.large, settings.rate
    if fold == -1:
        network.load_state_dict(torch.load(work / f"anatomy-{settings.name()}-fold0.pt"))
        small, steps, rate = 0, settings.more, settings.rate * 0.3
    rows = [k for k in masked if films[k].fold not in (-1, fold)]
    lessons = np.stack([masked[k] for k in rows])
    log(f"fold {fold}: {len(rows)} masked films")
    chance = torch.Generator().manual_seed(settings.seed * 1000 + fold)
    order = shuffled(len(rows), steps * settings.batch, np.random.default_rng([settings.seed, fold + 1]))

    def batch(step: int):
        some = tensor_of(lessons[order[step * settings.batch : (step + 1) * settings.batch]])
        film, truth = some[:, :2], some[:, 2:]
        return augment(film, truth, chance, settings.mirrors, settings.small_size if step < small else SIZE, settings.strength)

    part = work / f"anatomy-{settings.name()}-fold{fold}-part.pt"
    run_steps(network, batch, steps, rate, settings, chance, part, log, mask_loss)
    torch.save(network.state_dict(), final)
    return network.eval()
