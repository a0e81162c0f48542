"""Trains the gate's head on pooled features: five folds, each film judged by a head that never saw its group; then one on all."""
from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable

import numpy as np
import torch
from torch.nn import functional

from gate_features import Example
from gate_films import FOLDS, Film
from gate_kinds import ACCEPTED, NAMES
from gate_network import Head, Reduce

ACCEPTED_COLUMNS = [NAMES.index(name) for name in ACCEPTED]


@dataclass(frozen=True)
class Settings:
    components: int = 768
    hidden: int = 192
    epochs: int = 20
    rate: float = 2e-3
    decay: float = 0.05
    dropout: float = 0.3
    #: Whether lateral films under other terms teach (then the pack is for research only).
    laterals: bool = True
    seed: int = 1


def fold_of_examples(films: list[Film], folds: np.ndarray, examples: list[Example]) -> np.ndarray:
    """As `assign_gate_folds`; of made-up inputs every sixth is a test input."""
    return np.array([folds[e.film] if e.film >= 0 else (e.copy % 6 if e.copy % 6 < FOLDS else -1) for e in examples])


def teaching(films: list[Film], examples: list[Example], settings: Settings) -> np.ndarray:
    """Which examples may teach at all, by the terms of their films."""
    may = lambda e: e.film < 0 or films[e.film].teaches or (settings.laterals and films[e.film].kind == "lateral")
    return np.array([may(e) for e in examples])


def principal(features: np.ndarray, rows: np.ndarray, components: int) -> Reduce:
    """Principal components of at most 2,000 of the rows, by way of their Gram matrix."""
    chance = np.random.default_rng(2)
    some = np.asarray(features[np.sort(chance.permutation(rows)[:2000])], np.float32)
    mean, spread = some.mean(0), some.std(0)
    x = np.clip((some - mean) / np.maximum(spread, 1e-3), -6, 6)
    values, vectors = np.linalg.eigh(x @ x.T)
    top = np.argsort(-values)[:components]
    # x = U S V'; V = x' U / S, and V over the root of the variance S²/n makes each component's variance 1.
    basis = x.T @ (vectors[:, top] / values[top] * np.sqrt(len(some))).astype(np.float32)
    return Reduce(mean, spread, basis)


def train_head(features: np.ndarray, y: np.ndarray, rows: np.ndarray, settings: Settings, log: Callable[[str], None]) -> Head:
    """Softmax cross-entropy, kinds weighted by the inverse square root of their number (laterals fully: they are few)."""
    torch.manual_seed(settings.seed)
    chance = np.random.default_rng(settings.seed)
    began = time.time()
    reduce = principal(features, rows, settings.components)
    z = torch.from_numpy(reduce.numbers(features[rows]))
    head = Head(reduce, len(NAMES), settings.hidden)
    target = torch.from_numpy(y[rows])
    counts = np.bincount(y[rows], minlength=len(NAMES)).astype(np.float64)
    weight = 1 / np.sqrt(np.maximum(counts, 1))
    few = NAMES.index("lateral")
    weight[few] = np.median(counts * weight) / max(counts[few], 1)
    weight = torch.from_numpy((weight / (weight * counts).sum() * counts.sum()).astype(np.float32))
    steps = settings.epochs * (len(rows) // 256)
    adam = torch.optim.AdamW(head.parameters(), settings.rate, weight_decay=settings.decay)
    plan = torch.optim.lr_scheduler.OneCycleLR(adam, settings.rate, total_steps=steps)
    head.train()
    for epoch in range(settings.epochs):
        order = torch.from_numpy(chance.permutation(len(rows)))
        total = 0.0
        for at in range(0, len(order) - 255, 256):
            batch = order[at : at + 256]
            loss = functional.cross_entropy(head.decide(z[batch], settings.dropout), target[batch], weight, label_smoothing=0.02)
            adam.zero_grad()
            loss.backward()
            adam.step()
            plan.step()
            total += float(loss)
    log(f"loss {total / max(1, len(order) // 256):.4f}, {time.time() - began:.0f} s")
    return head.eval()


def logits_of(head: Head, features: np.ndarray, rows: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return head.decide(torch.from_numpy(head.reduce.numbers(features[rows]))).numpy()


def cross_validate(features, y, fold, may_teach, settings: Settings, log) -> np.ndarray:
    """Logits of every example of the folds by the head that did not see its fold; NaN elsewhere."""
    out = np.full((len(y), len(NAMES)), np.nan, np.float32)
    for f in range(FOLDS):
        rows = np.flatnonzero(may_teach & (fold >= 0) & (fold != f))
        head = train_head(features, y, rows, settings, lambda line: log(f"fold {f}: {line}"))
        held = np.flatnonzero(fold == f)
        out[held] = logits_of(head, features, held)
    return out


def final_head(features, y, fold, may_teach, settings: Settings, log) -> Head:
    return train_head(features, y, np.flatnonzero(may_teach & (fold >= 0)), settings, lambda line: log(f"all: {line}"))


def accepted_probability(logits: np.ndarray) -> np.ndarray:
    """Of the accepted kinds together, by softmax."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e[:, ACCEPTED_COLUMNS].sum(1) / e.sum(1)


def named_kind(logits: np.ndarray, accepted: np.ndarray) -> np.ndarray:
    """The likeliest kind among those let through, or among the others, as the product says it."""
    inside = np.zeros(len(NAMES), bool)
    inside[ACCEPTED_COLUMNS] = True
    return np.where(
        accepted, np.where(inside, logits, -np.inf).argmax(1), np.where(inside, -np.inf, logits).argmax(1)
    )


#: Of the valid adult films of a source, this share may be refused where the threshold is chosen, one film at least.
SPEND = 0.008


def choose_threshold(probability: np.ndarray, source: np.ndarray) -> float:
    """The highest threshold, at most one half, that refuses no more valid films of any source than `SPEND` allows."""
    threshold = 0.5
    for name in np.unique(source):
        p = np.sort(probability[source == name])
        allowed = max(1, int(SPEND * len(p)))
        threshold = min(threshold, float(p[min(allowed, len(p) - 1)]))
    return max(threshold * (1 - 1e-6), 0.01)
