"""The head, on what the unchanging networks see: a ridge-penalised logistic regression on what is held to be true of the films, and a
ridge regression on the logits that the teacher gave them. Both are linear, so that one head says both; solved through Gram matrices."""
from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import torch
from torch.nn import functional as F

from figures import sigmoid
from lung_box_train import BoxSettings
from network import CHANNELS, NETS, REGIONS, Head

#: Films whose maps tell what is usual.
USUAL = 300
#: Penalty of the regression on the teacher's logits, in mean squares of a film's features: they are nearly a function of the film.
ECHO_PENALTY = 0.1
#: Where the channels of each network end.
ENDS = {"0": (0, 1984), "2": (1984, CHANNELS)}


@dataclass(frozen=True)
class Choice:
    """What is chosen by cross-validation inside the films that teach."""

    nets: tuple[str, ...]
    #: Spread of a region's features where the film's have 1; at 0 a finding has no place.
    spread: float
    decay: float
    #: Share of the teacher's foretold logit in a finding's logit, where the teacher knows the finding.
    echo: float


CANDIDATES = [Choice(*row) for row in product([("0",), ("2",), tuple(NETS)], [0.0, 0.3], [1.0, 2.0], [0.0, 0.33, 0.5])]


@dataclass(frozen=True)
class Settings:
    #: Share of the teacher's soft label in the target of a taught film.
    teacher: float = 0.8
    seed: int = 1
    lungs: BoxSettings = BoxSettings()


@dataclass(frozen=True)
class Lessons:
    """Everything there is to learn from, over all films; who may learn from which is `rows`."""

    #: [films, 4] of the model grid, [films, 4032, 10, 10].
    views: np.ndarray
    features: np.ndarray
    #: Of each film and of its mirror image: [films, 4032] and [films, 9, 4032].
    pooled: tuple[np.ndarray, np.ndarray]
    mirrored: tuple[np.ndarray, np.ndarray]
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
    """One block of features, standardised on the films that teach."""

    def __init__(self, values: np.ndarray, mirrored: np.ndarray, rows: np.ndarray, heard: np.ndarray, others: np.ndarray):
        self.mean, self.std = values[rows].mean(0), values[rows].std(0) + 1e-3
        standard = lambda some: (some - self.mean) / self.std
        self.teaching = standard(values[rows])
        #: Films with the teacher's word, as they are and then mirrored.
        self.heard = standard(np.concatenate([values[heard], mirrored[heard]]))
        #: What films have in common: the teaching ones with each other, and each of `others` with them; likewise of the heard ones.
        known = standard(values[others])
        self.inside, self.across = self.teaching @ self.teaching.T, known @ self.teaching.T
        self.heard_inside, self.heard_across = self.heard @ self.heard.T, known @ self.heard.T

    def weights(self, teaching: np.ndarray, heard: np.ndarray) -> np.ndarray:
        """Weights on the features as they are, [labels, d], of the films' shares [films, labels]."""
        return (self.teaching.T @ teaching + self.heard.T @ heard).T / self.std


class Fitter:
    """Fits heads with any choice on the films `rows`; what choices share is worked out once."""

    def __init__(self, lessons: Lessons, rows: np.ndarray, settings: Settings, others: np.ndarray | None = None):
        others = rows[:0] if others is None else others
        self.rows, self.settings, self.lessons = rows, settings, lessons
        self.y, self.w = soften(lessons, rows, settings.teacher)
        heard = rows[~np.isnan(lessons.teacher[rows]).all(1)]
        self.said = lessons.teacher[heard]
        #: Findings that the teacher knows.
        self.known = ~np.isnan(self.said).all(0)
        self.parts: dict[tuple[str, bool], Part] = {}
        for (net, ends), place in product(ENDS.items(), (False, True)):
            blocks = [both[place][..., slice(*ends)].reshape(len(lessons.target), -1) for both in (lessons.pooled, lessons.mirrored)]
            self.parts[net, place] = Part(*blocks, rows, heard, others)
        self.fitted: dict[Choice, tuple[np.ndarray, np.ndarray]] = {}

    def used(self, choice: Choice) -> dict[tuple[str, bool], float]:
        """The parts that the labels' regression reads, and the square of the spread of each."""
        both = {(net, place): choice.spread**2 if place else 1.0 for net in choice.nets for place in (False, True)}
        return {key: scale for key, scale in both.items() if scale > 0}

    def dual(self, choice: Choice) -> tuple[np.ndarray, np.ndarray]:
        """Of the regression on labels: each teaching film's share in each finding [films, labels], and the biases."""
        key = replace(choice, echo=0.0)
        if key not in self.fitted:
            gram = sum(scale * self.parts[part].inside.astype(np.float64) for part, scale in self.used(choice).items())
            values, vectors = np.linalg.eigh(gram)
            keep = values > values[-1] * 1e-7
            basis = vectors[:, keep] / np.sqrt(values[keep])
            matrix, bias = fit_head(gram @ basis, self.y[self.rows], self.w[self.rows], choice.decay)
            self.fitted[key] = basis @ matrix.T, bias
        return self.fitted[key]

    def echo(self, choice: Choice) -> np.ndarray:
        """Of the regression on the teacher's logits less their mean: each heard film's share [2 × films, labels], regions in full."""
        said = np.log(self.said / (1 - self.said))
        target = np.where(self.known, said - said.mean(0), 0) if len(said) else said
        gram = sum(self.parts[net, place].heard_inside.astype(np.float64) for net in choice.nets for place in (False, True))
        penalty = ECHO_PENALTY * np.trace(gram) / max(1, len(gram))
        return np.linalg.solve(gram + penalty * np.eye(len(gram)), np.concatenate([target, target]))

    def shares(self, choice: Choice) -> np.ndarray:
        """[labels]: how much of each logit is the teacher's."""
        return choice.echo * self.known

    def predict(self, choice: Choice) -> np.ndarray:
        """Logits of the films `others`."""
        dual, bias = self.dual(choice)
        own = sum(scale * self.parts[key].across for key, scale in self.used(choice).items()) @ dual + bias
        heard = sum(self.parts[net, place].heard_across for net in choice.nets for place in (False, True)) @ self.echo(choice)
        return (1 - self.shares(choice)) * own + self.shares(choice) * heard

    def head(self, choice: Choice) -> Head:
        dual, bias = self.dual(choice)
        dual, bias = (1 - self.shares(choice)) * dual, (1 - self.shares(choice)) * bias
        echo = self.shares(choice) * self.echo(choice)
        used, labels = self.used(choice), len(bias)
        whole = np.zeros((labels, CHANNELS))
        regions = np.zeros((labels, REGIONS, CHANNELS))
        for net, place in product(choice.nets, (False, True)):
            part, ends = self.parts[net, place], slice(*ENDS[net])
            own = part.weights(used.get((net, place), 0.0) * dual, echo)
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
