"""The input transform of every pack, step by step as the product does it (`pack.json` names its numbers).

A film enters as values in [0,1], MONOCHROME2, standard pose, square pixels; a model input leaves.
"""
from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Letterbox:
    """Where a film of `width` × `height` lies in the model grid, in whole model pixels."""

    x: int
    y: int
    width: int
    height: int


def letterbox(width: float, height: float, columns: int, rows: int) -> Letterbox:
    """Largest whole-pixel placement that keeps the aspect; rounding is half up."""
    scale = min(columns / width, rows / height)
    w = max(1, math.floor(width * scale + 0.5))
    h = max(1, math.floor(height * scale + 0.5))
    return Letterbox((columns - w) // 2, (rows - h) // 2, w, h)


@functools.lru_cache(maxsize=64)
def resampling(source: int, target: int) -> np.ndarray:
    """Weights [target, source] along one axis: exact area coverage when shrinking, else bilinear.

    Half-pixel centres, clamped edges; every row sums to 1.
    """
    weights = np.zeros((target, source))
    ratio = source / target
    if target < source:
        for i in range(target):
            start, end = i * ratio, (i + 1) * ratio
            for j in range(math.floor(start), min(source, math.ceil(end))):
                weights[i, j] = max(0.0, min(end, j + 1) - max(start, j)) / ratio
        return weights
    for i in range(target):
        centre = (i + 0.5) * ratio - 0.5
        left = math.floor(centre)
        part = centre - left
        weights[i, min(max(left, 0), source - 1)] += 1 - part
        weights[i, min(max(left + 1, 0), source - 1)] += part
    return weights


def place(film: np.ndarray, columns: int, rows: int) -> tuple[np.ndarray, Letterbox]:
    """Film [h, w] in [0,1] → its resampled values [dh, dw] and where they lie in the model grid."""
    height, width = film.shape
    box = letterbox(width, height, columns, rows)
    values = resampling(height, box.height) @ film.astype(np.float64) @ resampling(width, box.width).T
    return values, box


def stretch(values: np.ndarray, clip: dict | None) -> np.ndarray:
    """Quantile clip to [0,1]; quantiles interpolate linearly between order statistics."""
    if clip is None:
        return values
    low, high = np.quantile(values, [clip["low"], clip["high"]])
    if high <= low + 1e-6:
        return np.zeros_like(values)
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def grid(film: np.ndarray, spec: dict) -> np.ndarray:
    """Film [h, w] in [0,1] → model grid [rows, columns] in [0,1], padding 0, not yet normalised."""
    values, box = place(film, spec["columns"], spec["rows"])
    out = np.zeros((spec["rows"], spec["columns"]), np.float32)
    out[box.y : box.y + box.height, box.x : box.x + box.width] = stretch(values, spec["clip"])
    return out


def model_input(film: np.ndarray, spec: dict) -> np.ndarray:
    """Film [h, w] in [0,1] → tensor [1, channels, rows, columns] float32; `spec` is `input` of `pack.json`."""
    mean = np.asarray(spec["mean"], np.float32).reshape(1, -1, 1, 1)
    std = np.asarray(spec["std"], np.float32).reshape(1, -1, 1, 1)
    return ((grid(film, spec)[None, None] - mean) / std).astype(np.float32)
