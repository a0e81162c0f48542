"""Five folds and the final head: who learns from whom, what is chosen on which films, and what is kept for measuring."""
from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from cache import cache_features, pool_features
from data import ADULT, FOLDS, IDS, Film, assign_folds, lesson, read_peer, truth
from figures import mean_auc
from lung_box import LungBox, lay
from mark import mark
from network import CELLS, Head
from train import CANDIDATES, ECHO_PENALTY, ENDS, USUAL, Choice, Fitter, Lessons, Settings, predict


@dataclass(frozen=True)
class Outcome:
    """Predictions for every film: of the fold head that never saw it; NaN on films of `test`."""

    fold: np.ndarray
    logits: np.ndarray
    #: [films, findings, 20, 20] on the whole film.
    maps: np.ndarray
    #: What each fold chose without its own films, and what all films of `train` and `val` chose for the final head.
    choices: list[Choice]
    final: Choice


def outcome_path(films: list[Film], lessons: Lessons, work: Path, settings: Settings) -> Path:
    """Where the folds are kept that came of these films, of all that is learned from them, and of these settings."""
    known = np.stack([truth(film) for film in films]), assign_folds(films), np.array([film.age for film in films])
    learned = (*lessons.pooled, *lessons.mirrored, lessons.views, lessons.target, lessons.weight, lessons.teacher, *known)
    return work / f"folds-{mark(CANDIDATES, settings, CELLS, ECHO_PENALTY, USUAL, ENDS, *(part.tobytes() for part in learned))}.pickle"


def gather(films: list[Film], lungs: LungBox, data: Path, work: Path) -> Lessons:
    """The teacher speaks only on films of the split `train`."""
    views, features = cache_features(films, lungs, data, work, mirror=False)
    _, mirrored = cache_features(films, lungs, data, work, mirror=True)
    pairs = [lesson(film) for film in films]
    peer = read_peer(data)
    nothing = np.full(len(IDS), np.nan, np.float32)
    teacher = np.stack([peer.get(f.file, nothing) if f.split == "train" else nothing for f in films])
    target, weight = (np.stack(both) for both in zip(*pairs))
    return Lessons(views, features, pool_features(features), pool_features(mirrored), target, weight, teacher)


def choose(films: list[Film], lessons: Lessons, settings: Settings, fold: np.ndarray, folds: list[int]) -> tuple[Choice, dict]:
    """The candidate with the highest mean area under the curve when each of `folds` is foretold from the others."""
    y = np.stack([truth(film) for film in films])
    rows = np.flatnonzero(np.isin(fold, folds) & np.array([film.age >= ADULT for film in films]))
    logits = {choice: np.full(y.shape, np.nan) for choice in CANDIDATES}
    for f in folds:
        held = np.flatnonzero(fold == f)
        fitter = Fitter(lessons, np.flatnonzero(np.isin(fold, folds) & (fold != f)), settings, held)
        for choice in CANDIDATES:
            logits[choice][held] = fitter.predict(choice)
    means = {choice: mean_auc(y[rows], logits[choice][rows], list(range(len(IDS)))) for choice in CANDIDATES}
    return max(means, key=lambda choice: means[choice]), means


def cross_validate(films: list[Film], lessons: Lessons, kept: Path, settings: Settings, log) -> Outcome:
    """Nested: what a fold's head looks like is chosen on the other four. From `kept` when it is there, and kept there."""
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    fold = assign_folds(films)
    logits = np.full((len(films), len(IDS)), np.nan, np.float32)
    maps = np.full((len(films), len(IDS), CELLS, CELLS), np.nan, np.float32)
    choices = []
    for f in range(FOLDS):
        others = [g for g in range(FOLDS) if g != f]
        choice, means = choose(films, lessons, settings, fold, others)
        log(f"fold {f}: {choice} ({means[choice]:.3f} inside; worst {min(means.values()):.3f})")
        choices.append(choice)
        held = np.flatnonzero(fold == f)
        head = Fitter(lessons, np.flatnonzero(np.isin(fold, others)), settings, held).head(choice)
        logits[held], seen = predict(head, lessons.features, held)
        maps[held] = lay(torch.from_numpy(seen), torch.from_numpy(lessons.views[held]), CELLS).numpy()
    final, means = choose(films, lessons, settings, fold, list(range(FOLDS)))
    for choice, mean in sorted(means.items(), key=lambda row: -row[1]):
        log(f"{mean:.4f} {choice}")
    outcome = Outcome(fold, logits, maps, choices, final)
    kept.write_bytes(pickle.dumps(outcome))
    return outcome


def agreed(choices: list[Choice]) -> list[tuple[Choice, int]]:
    """Each choice, and how many folds made it."""
    return Counter(choices).most_common()


def final_head(films: list[Film], lessons: Lessons, settings: Settings, choice: Choice) -> Head:
    """Fitted on every film of `train` and `val`."""
    rows = np.flatnonzero(np.array([film.split in ("train", "val") for film in films]))
    return Fitter(lessons, rows, settings).head(choice)
