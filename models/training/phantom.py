"""Chest-like films made of ellipses, ribs and noise: golden inputs that are nobody's."""
from __future__ import annotations

import numpy as np

#: width, height, seed
SHAPES = [(500, 400, 11), (256, 300, 12), (700, 900, 13)]


def phantom(width: int, height: int, seed: int) -> np.ndarray:
    """8-bit grey film, bright where dense."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    u = (x + 0.5) / width * 2 - 1
    v = (y + 0.5) / height * 2 - 1
    soft = lambda d, w: 1 / (1 + np.exp(np.clip(d / w, -60, 60)))
    ellipse = lambda cx, cy, rx, ry, w: soft(np.hypot((u - cx) / rx, (v - cy) / ry) - 1, w)
    film = 0.08 + 0.55 * ellipse(0, 0.15, 0.92, 1.15, 0.04)
    for side in (-1, 1):
        film -= 0.38 * ellipse(side * 0.43, -0.02, 0.31, 0.68, 0.06)
    film += 0.22 * soft(np.abs(u) - 0.09, 0.03)
    film += 0.28 * ellipse(0.14 + 0.04 * chance.normal(), 0.3, 0.32, 0.28, 0.07)
    film += 0.25 * ellipse(0, 0.98, 0.85, 0.35, 0.08)
    for n in range(8):
        centre = -0.72 + 0.19 * n
        arc = np.abs(v - (centre + 0.35 * (np.abs(u) - 0.4) ** 2))
        film += 0.07 * soft(arc - 0.022, 0.008) * ellipse(0, 0.05, 0.84, 1.0, 0.05)
    opacity = chance.uniform(-0.3, 0.3, 2)
    film += 0.15 * ellipse(0.43 + 0.2 * opacity[0], opacity[1], 0.13, 0.12, 0.2)
    film += chance.normal(0, 0.012, film.shape)
    return np.round(np.clip(film, 0, 1) * 255).astype(np.uint8)


def films() -> list[np.ndarray]:
    return [phantom(*shape) for shape in SHAPES]
