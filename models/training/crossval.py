"""Five folds and the final network: who learns from whom, and what is kept for measuring."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from cache import cache_view
from data import FOLDS, IDS, Film, assign_folds, lesson, read_peer
from train import Lessons, Settings, new_upper, predict, train


@dataclass(frozen=True)
class Outcome:
    """Predictions for every film: of the fold network that never saw it; NaN on films of `test`."""

    fold: np.ndarray
    logits: np.ndarray
    maps: np.ndarray


def gather(films: list[Film], data: Path, work: Path, settings: Settings) -> Lessons:
    """The teacher speaks only on films of the split `train`."""
    work.mkdir(parents=True, exist_ok=True)
    count = settings.views if settings.epochs > 0 else settings.head_views
    views = [cache_view(films, data, work, v) for v in range(count)]
    pairs = [lesson(film) for film in films]
    peer = read_peer(data)
    nothing = np.full(len(IDS), np.nan, np.float32)
    teacher = np.stack([peer.get(f.file, nothing) if f.split == "train" else nothing for f in films])
    return Lessons(views, np.stack([y for y, _ in pairs]), np.stack([w for _, w in pairs]), teacher)


def cross_validate(films: list[Film], lessons: Lessons, work: Path, settings: Settings, log) -> Outcome:
    fold = assign_folds(films)
    logits = np.full((len(films), len(IDS)), np.nan, np.float32)
    maps = np.full((len(films), len(IDS), 10, 10), np.nan, np.float32)
    for f in range(FOLDS):
        kept = work / f"oof-{settings.name()}-blend{settings.blend}-{f}.npz"
        held = np.flatnonzero(fold == f)
        if not kept.exists():
            rows = np.flatnonzero((fold >= 0) & (fold != f))
            upper = train(lessons, rows, settings, work, f"{settings.name()}-{f}", log)
            a, b = predict(upper, lessons.views[0], held)
            np.savez(kept, logits=a, maps=b)
        saved = np.load(kept)
        logits[held], maps[held] = saved["logits"], saved["maps"]
    return Outcome(fold, logits, maps)


def final_network(films: list[Film], lessons: Lessons, work: Path, settings: Settings, log):
    """Trained on every film of train and val with the settings that cross-validation fixed."""
    kept = work / f"final-{settings.name()}-blend{settings.blend}.pt"
    if kept.exists():
        upper = new_upper(settings, len(IDS))
        upper.load_state_dict(torch.load(kept))
        return upper.eval()
    rows = np.flatnonzero(np.array([film.split in ("train", "val") for film in films]))
    upper = train(lessons, rows, settings, work, f"{settings.name()}-all", log)
    torch.save(upper.state_dict(), kept)
    return upper
