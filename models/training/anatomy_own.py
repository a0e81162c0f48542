"""Films that nobody masked, with the network's own labels: after the masked films it goes on with both, half and half."""
from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from anatomy_augment import augment
from anatomy_data import Film
from anatomy_network import SIZE, Anatomy
from anatomy_train import KEPT, AnatomySettings, kept, mask_loss, predict, tensor_of
from steps import run_steps, shuffled

#: Films of each source; those whose label is least certain are left out.
POOL = {"NIH": 400, "Hannover": 120, "covid": 180}
SUREST = 0.85
#: Augmentation of these films: more of them can bear more.
STRENGTH = 0.8


def own_rows(films: list[Film], fold: int) -> np.ndarray:
    """Films without masks, none of `fold`'s groups and none near a film of `test`."""
    chance = np.random.default_rng(5)
    rows: list[int] = []
    for source, count in POOL.items():
        free = [k for k, f in enumerate(films) if f.source == source and not f.masked and f.fold not in (-1, fold)]
        rows += chance.permutation(free)[:count].tolist()
    return np.array(rows)


def own_counts(films: list[Film]) -> dict:
    """What the network that ships could draw its own labels from, by source and licence."""
    chosen = [films[k] for k in own_rows(films, -1)]
    rows = Counter((film.source, film.licence or "none stated") for film in chosen)
    return {
        "films": len(chosen),
        "children": sum(film.age.isdigit() and int(film.age) < 18 for film in chosen),
        "terms": [{"source": source, "licence": licence, "films": n} for (source, licence), n in sorted(rows.items())],
    }


def own_labels(network: Anatomy, films: list[Film], grids: np.ndarray, rows: np.ndarray, data: Path) -> np.ndarray:
    """[n, 7, KEPT, KEPT] of the surest films: greys, inside, four masks, and 0, the weight of opacity, which is not taught so."""
    p = predict(network, grids, rows)
    doubt = (p[:, :3] * (1 - p[:, :3])).mean((1, 2, 3))
    out = []
    for n in np.argsort(doubt)[: int(SUREST * len(rows))]:
        large = functional.interpolate(torch.from_numpy(p[n])[None], (KEPT, KEPT), mode="bilinear", align_corners=False)[0].numpy()
        odds = large / np.clip(1 - large, 1e-6, None)
        large[:3] = (odds**2 / (1 + odds**2))[:3]  # as sharp as a person's
        out.append(np.concatenate([kept(data / films[rows[n]].file), np.round(large * 255).astype(np.uint8), np.zeros((1, KEPT, KEPT), np.uint8)]))
    return np.stack(out)


def learn_own(network: Anatomy, films, masked, grids, data: Path, fold: int, settings: AnatomySettings, save: Path, log) -> None:
    """`settings.own` steps on batches of masked films and as many with the network's own labels, all of other folds."""
    own = own_labels(network, films, grids, own_rows(films, fold), data)
    lessons = np.stack([masked[k] for k in masked if films[k].fold not in (-1, fold)])
    log(f"fold {fold}: {len(lessons)} masked films and {len(own)} with the network's own labels")
    size, seed = settings.batch, settings.seed
    orders = [shuffled(len(x), settings.own * size, np.random.default_rng([seed, at, fold + 1])) for x, at in ((lessons, 9), (own, 10))]
    chance = torch.Generator().manual_seed(seed * 1000 + 100 + fold)

    def batch(step: int):
        parts = []
        for kind, order, strength in zip((lessons, own), orders, (settings.strength, STRENGTH)):
            some = tensor_of(kind[order[step * size : (step + 1) * size]])
            parts.append(augment(some[:, :2], some[:, 2:], chance, settings.mirrors, SIZE, strength))
        return tuple(torch.cat(pair) for pair in zip(*parts))

    torch.manual_seed(seed * 100 + 50 + fold)
    run_steps(network, batch, settings.own, settings.own_rate, settings, chance, save, log, mask_loss)
