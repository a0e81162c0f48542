"""The statistics: area under the curve, intervals, calibration, operating point."""
from __future__ import annotations

import numpy as np

REPLICATES = 1000

#: With fewer positive films than this a finding is shown to nobody, whatever its figures: its interval cannot be trusted either.
FEWEST = 20

#: Precisions that the operating point is set for, the first that can be had with a third of the positive films: a reader who is
#: called in vain too often stops looking.
WORTH_A_LOOK = (0.4, 0.3, 0.25)

#: Below this probability a draft calls a finding unlikely (`bandOf` in the program): no film is called at less.
LEAST_LIKELY = 0.2

#: A finding that is called on fewer films of the folds than this is shown to nobody: what calling it is worth is not known.
FEWEST_CALLED = 8


def auc(y: np.ndarray, score: np.ndarray) -> float:
    """Mann–Whitney, ties count half; NaN without both classes."""
    positives = int(y.sum())
    negatives = len(y) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def mean_auc(y: np.ndarray, score: np.ndarray, labels: list[int]) -> float:
    """Mean over `labels`; y [n, k] with NaN where masked."""
    return float(np.nanmean([auc(y[known, k], score[known, k]) for k in labels for known in [~np.isnan(y[:, k])]]))


def by_patient(patients: np.ndarray, seed: int = 3):
    """Bootstrap replicates: rows of patients drawn with replacement, all films of a patient together."""
    chance = np.random.default_rng(seed)
    _, owner = np.unique(patients, return_inverse=True)
    rows = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[rows], np.arange(owner.max() + 2))
    for _ in range(REPLICATES):
        drawn = chance.integers(owner.max() + 1, size=owner.max() + 1)
        yield np.concatenate([rows[starts[p] : starts[p + 1]] for p in drawn])


def interval(value: float, replicates: list[float]) -> dict:
    """95 % percentile interval, rounded to 4 places."""
    good = np.asarray([r for r in replicates if not np.isnan(r)])
    low, high = np.quantile(good, [0.025, 0.975]) if len(good) else (value, value)
    return {"value": round(float(value), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def share(hits: int, total: int, replicates: list[float] | None = None) -> dict:
    """A proportion with Wilson's 95 % interval, widened to the patient bootstrap's where that is wider."""
    if total == 0:
        return {"value": 0.0, "low": 0.0, "high": 1.0}
    z = 1.959964
    p = hits / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * np.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    if replicates:
        other = interval(p, replicates)
        low, high = min(low, other["low"]), max(high, other["high"])
    return {"value": round(p, 4), "low": round(float(min(low, p)), 4), "high": round(float(max(high, p)), 4)}


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def platt(logit: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope and intercept by Newton's method with Platt's smoothed targets (1999); slope at least 0.02."""
    positives = y.sum()
    target = np.where(y == 1, (positives + 1) / (positives + 2), 1 / (len(y) - positives + 2))
    design = np.stack([logit, np.ones_like(logit)], 1).astype(np.float64)
    beta = np.array([1.0, 0.0])
    for _ in range(100):
        p = sigmoid(design @ beta)
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + 1e-6 * np.eye(2)
        step = np.linalg.solve(hessian, design.T @ (p - target))
        beta -= np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-8:
            break
    if beta[0] < 0.02:
        prior = target.mean()
        return 0.02, float(np.log(prior / (1 - prior)) - 0.02 * logit.mean())
    return float(beta[0]), float(beta[1])


def bar_of(prevalence: float) -> float:
    """The precision that a listed finding must reach."""
    return min(0.5, 3 * prevalence)


def operating_point(probability: np.ndarray, y: np.ndarray) -> float:
    """The lowest threshold at the first precision of `WORTH_A_LOOK` (1.2 times the bar at least) that leaves a third of the
    positive films called; else at 1.2 times the bar; else the best F1. Eight called films at least, unless `LEAST_LIKELY`, below which
    it never is, leaves fewer."""
    order = np.argsort(-probability, kind="stable")
    p, hits = probability[order], np.cumsum(y[order])
    called = np.arange(1, len(y) + 1)
    precision = hits / called
    least = 1.2 * bar_of(y.mean())
    last = np.append(p[1:] < p[:-1], True)
    enough = last & (called >= FEWEST_CALLED)
    tries = [enough & (precision >= max(wanted, least)) & (hits >= y.sum() / 3) for wanted in WORTH_A_LOOK]
    tries += [enough & (precision >= least)]
    good = next((np.flatnonzero(some) for some in tries if some.any()), np.array([], int))
    if len(good) == 0:
        f1 = np.where(last, 2 * hits / (called + y.sum()), 0)
        good = np.array([int(f1.argmax())])
    n = int(good[-1])
    following = p[n + 1] if n + 1 < len(p) else 0.0
    return max(LEAST_LIKELY, float((p[n] + following) / 2))


def calibration_error(probability: np.ndarray, y: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over bins of equal count."""
    order = np.argsort(probability, kind="stable")
    parts = np.array_split(order, bins)
    return float(sum(len(p) * abs(probability[p].mean() - y[p].mean()) for p in parts if len(p)) / len(y))
