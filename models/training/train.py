"""The head: a ridge-penalised logistic regression on what the unchanging networks see, solved through the films' Gram matrix."""
from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from torch.nn import functional as F

from figures import sigmoid
from lung_box_train import BoxSettings
from network import CHANNELS, NETS, REGIONS, Head

#: Films whose maps tell what is usual.
USUAL = 300
#: Where the channels of each network end.
ENDS = {"0": (0, 1984), "2": (1984, CHANNELS)}


@dataclass(frozen=True)
class Choice:
    """What is chosen by cross-validation inside the films that teach."""

    nets: tuple[str, ...]
    #: Spread of a region's features where the film's have 1; at 0 a finding has no place.
    spread: float
    decay: float


CANDIDATES = [Choice(*row) for row in product([("0",), ("2",), tuple(NETS)], [0.0, 0.3], [1.0, 2.0])]


@dataclass(frozen=True)
class Settings:
    #: Share of the teacher's soft label in the target of a taught film.
    teacher: float = 0.8
    seed: int = 1
    lungs: BoxSettings = BoxSettings()


@dataclass(frozen=True)
class Lessons:
    """Everything there is to learn from, over all films; who may learn from which is `rows`."""

    #: [films, 4] of the model grid, [films, 4032, 10, 10], [films, 4032] and [films, 9, 4032].
    views: np.ndarray
    features: np.ndarray
    whole: np.ndarray
    regions: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    #: Peer's probabilities [films, labels]; NaN where there is none.
    teacher: np.ndarray


def soften(lessons: Lessons, rows: np.ndarray, part: float) -> tuple[np.ndarray, np.ndarray]:
    """Targets and weights with the teacher's word mixed in on taught films.

    The teacher was trained where disease is rarer: for each finding its logits are shifted until their mean
    probability over the taught films in `rows`, by their weights, is that of the targets there.
    """
    y, w = lessons.target.copy(), lessons.weight.copy()
    taught = rows[~np.isnan(lessons.teacher[rows, 0])]
    if part == 0 or len(taught) == 0:
        return y, w
    for k in np.flatnonzero(~np.isnan(lessons.teacher[taught[0]])):
        logit = np.log(lessons.teacher[taught, k] / (1 - lessons.teacher[taught, k]))
        mean = lambda p: np.average(p, weights=w[taught, k])
        wanted = mean(y[taught, k])
        low, high = -10.0, 10.0
        for _ in range(40):
            shift = (low + high) / 2
            low, high = (shift, high) if mean(sigmoid(logit + shift)) < wanted else (low, shift)
        soft = sigmoid(logit + shift)
        y[taught, k] = np.where(w[taught, k] > 0, (1 - part) * y[taught, k] + part * soft, soft)
        w[taught, k] = np.maximum(w[taught, k], part)
    return y, w


class Part:
    """One block of features, standardised on the films that teach, and what films have in common in it."""

    def __init__(self, values: np.ndarray, rows: np.ndarray):
        self.values = values
        self.mean, self.std = values[rows].mean(0), values[rows].std(0) + 1e-3
        self.teaching = (values[rows] - self.mean) / self.std

    def common(self, rows: np.ndarray) -> np.ndarray:
        """[rows, teaching films]"""
        return ((self.values[rows] - self.mean) / self.std) @ self.teaching.T

    def weights(self, dual: np.ndarray) -> np.ndarray:
        """Weights on the features as they are, [labels, d], of the films' shares [teaching films, labels]."""
        return (self.teaching.T @ dual).T / self.std


class Fitter:
    """Fits heads with any choice on the films `rows`; what choices share is worked out once."""

    def __init__(self, lessons: Lessons, rows: np.ndarray, settings: Settings, others: np.ndarray | None = None):
        others = rows[:0] if others is None else others
        self.rows, self.settings, self.lessons = rows, settings, lessons
        self.y, self.w = soften(lessons, rows, settings.teacher)
        self.parts: dict[tuple[str, bool], Part] = {}
        for net, ends in ENDS.items():
            self.parts[net, False] = Part(lessons.whole[:, slice(*ends)], rows)
            self.parts[net, True] = Part(lessons.regions[:, :, slice(*ends)].reshape(len(lessons.whole), -1), rows)
        self.inside = {key: part.common(rows).astype(np.float64) for key, part in self.parts.items()}
        self.across = {key: part.common(others).astype(np.float64) for key, part in self.parts.items()}

    def used(self, choice: Choice) -> dict[tuple[str, bool], float]:
        """The parts of a choice, and the square of the spread of each."""
        both = {(net, place): choice.spread**2 if place else 1.0 for net in choice.nets for place in (False, True)}
        return {key: scale for key, scale in both.items() if scale > 0}

    def dual(self, choice: Choice) -> tuple[np.ndarray, np.ndarray]:
        """Each film's share in each label [films, labels], and the biases."""
        gram = sum(scale * self.inside[key] for key, scale in self.used(choice).items())
        values, vectors = np.linalg.eigh(gram)
        keep = values > values[-1] * 1e-7
        basis = vectors[:, keep] / np.sqrt(values[keep])
        matrix, bias = fit_head(gram @ basis, self.y[self.rows], self.w[self.rows], choice.decay)
        return basis @ matrix.T, bias

    def predict(self, choice: Choice) -> np.ndarray:
        """Logits of the films `others`."""
        dual, bias = self.dual(choice)
        return sum(scale * self.across[key] for key, scale in self.used(choice).items()) @ dual + bias

    def head(self, choice: Choice) -> Head:
        dual, bias = self.dual(choice)
        labels = len(bias)
        whole = np.zeros((labels, CHANNELS))
        regions = np.zeros((labels, REGIONS, CHANNELS))
        for (net, place), scale in self.used(choice).items():
            part, ends = self.parts[net, place], slice(*ENDS[net])
            own = scale * part.weights(dual)
            bias = bias - own @ part.mean
            if place:
                regions[:, :, ends] = own.reshape(labels, REGIONS, -1)
            else:
                whole[:, ends] = own
        head = Head(labels).eval()
        head.set_weights(*(torch.from_numpy(x).float() for x in (whole, regions, bias)))
        centre_maps(head, self.lessons.features, np.random.default_rng(self.settings.seed).permutation(self.rows)[:USUAL])
        return head


def fit_head(x: np.ndarray, y: np.ndarray, w: np.ndarray, decay: float) -> tuple[np.ndarray, np.ndarray]:
    """Matrix [labels, d] and biases of a logistic regression for each label, penalised by `decay` times half its square."""
    z, target, weight = (torch.from_numpy(a.astype(np.float32)) for a in (x, y, w))
    prior = ((y * w).sum(0) + 0.5) / (w.sum(0) + 1)
    matrix = torch.zeros(y.shape[1], x.shape[1], requires_grad=True)
    bias = torch.from_numpy(np.log(prior / (1 - prior)).astype(np.float32)).requires_grad_(True)
    optimiser = torch.optim.LBFGS([matrix, bias], max_iter=60, line_search_fn="strong_wolfe")

    def loss():
        optimiser.zero_grad()
        each = F.binary_cross_entropy_with_logits(z @ matrix.T + bias, target, weight, reduction="sum")
        value = each / len(z) + decay / 2 * (matrix**2).sum()
        value.backward()
        return value

    optimiser.step(loss)
    return matrix.detach().numpy().astype(np.float64), bias.detach().numpy().astype(np.float64)


def centre_maps(head: Head, features: np.ndarray, rows: np.ndarray) -> None:
    """Take the usual film's map (mean over `rows`) out of every map, its own mean left in."""
    mean = predict(head, features, np.sort(rows))[1].mean(0)
    head.usual += torch.from_numpy(mean - mean.mean((1, 2), keepdims=True))


def predict(head: Head, features: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits [rows, k] and maps [rows, k, 10, 10] of what was cut out."""
    logits, maps = [], []
    with torch.no_grad():
        for at in range(0, len(rows), 32):
            a, b = head(torch.from_numpy(features[rows[at : at + 32]].astype(np.float32)))
            logits.append(a.numpy())
            maps.append(b.numpy())
    return np.concatenate(logits), np.concatenate(maps)
