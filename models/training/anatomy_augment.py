"""Augmentation of films and masks together, on batches: geometry first, then greys, then things that lie on films."""
from __future__ import annotations

import math

import torch
from torch.nn import functional

from anatomy_network import SIZE


def warp_field(n: int, size: int, chance: torch.Generator, strength: float = 1.0) -> torch.Tensor:
    """Sampling grid [n, size, size, 2]: rotation ±15°, scale 0.72–1.35, aspect, shear, shift, a smooth elastic part."""
    draw = lambda *shape: torch.rand(*shape, generator=chance) * 2 - 1
    angle = draw(n) * math.radians(15) * strength
    scale = torch.exp(draw(n) * 0.32 * strength)
    aspect = torch.exp(draw(n) * 0.12 * strength)
    shear = draw(n) * 0.1 * strength
    cos, sin = torch.cos(angle), torch.sin(angle)
    a, d = scale * aspect, scale / aspect
    matrix = torch.zeros(n, 2, 3)
    matrix[:, 0, 0], matrix[:, 0, 1] = cos * a, (-sin + shear) * d
    matrix[:, 1, 0], matrix[:, 1, 1] = sin * a, cos * d
    matrix[:, :, 2] = draw(n, 2) * 0.14 * strength
    field = functional.affine_grid(matrix, (n, 1, size, size), align_corners=False)
    coarse = torch.randn(n, 2, 5, 5, generator=chance) * 0.025 * strength
    return field + functional.interpolate(coarse, (size, size), mode="bicubic", align_corners=False).permute(0, 2, 3, 1)


def shade(film: torch.Tensor, inside: torch.Tensor, chance: torch.Generator, strength: float = 1.0) -> torch.Tensor:
    """Greys [n,1,h,w] in [0,1]: gamma, window, soft shadows and opacities, blur, noise, letters and margins."""
    n, _, h, w = film.shape
    draw = lambda *shape: torch.rand(*shape, generator=chance)
    one = lambda low, high: low + (high - low) * draw(n, 1, 1, 1)
    film = film.clamp(1e-4, 1) ** torch.exp(one(-0.7 * strength, 0.7 * strength))
    low, high = one(-0.08 * strength, 0.15 * strength), one(1 - 0.2 * strength, 1 + 0.12 * strength)
    film = ((film - low) / (high - low)).clamp(0, 1)
    field = functional.interpolate(torch.randn(n, 1, 6, 6, generator=chance), (h, w), mode="bicubic", align_corners=False)
    film = film + field * one(0, 0.14 * strength)
    y = torch.linspace(0, 1, h).view(1, 1, h, 1)
    x = torch.linspace(0, 1, w).view(1, 1, 1, w)
    for _ in range(2):
        blob = torch.exp(-(((x - draw(n, 1, 1, 1)) / one(0.04, 0.22)) ** 2 + ((y - draw(n, 1, 1, 1)) / one(0.04, 0.22)) ** 2))
        film = film + blob * one(-0.15, 0.5) * (draw(n, 1, 1, 1) < 0.45 * strength)
    fuzzy = functional.interpolate(functional.avg_pool2d(film, 2), (h, w), mode="bilinear", align_corners=False)
    part = one(0, 1) * (draw(n, 1, 1, 1) < 0.3 * strength)
    film = film * (1 - part) + fuzzy * part
    film = film + torch.randn(n, 1, h, w, generator=chance) * one(0, 0.05) * (draw(n, 1, 1, 1) < 0.5 * strength)
    film = film.clamp(0, 1) * inside
    for k in range(n):
        if draw(1) < 0.35 * strength:
            for _ in range(int(1 + 2 * draw(1))):
                top, left = int(draw(1) * h * 0.9), int(draw(1) * w * 0.9)
                film[k, :, top : top + int(4 + 16 * draw(1)), left : left + int(4 + 40 * draw(1))] = draw(1)
        if draw(1) < 0.2 * strength:
            edge = int(draw(1) * 0.08 * h) + 1
            side = int(draw(1) * 4)
            film[k] = film[k].rot90(side, (1, 2))
            film[k, :, :edge] = 0 if draw(1) < 0.8 else 1
            film[k] = film[k].rot90(-side, (1, 2))
    return film


def mirror(film: torch.Tensor, truth: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The mirror image: the lung on the image's left stays the right lung."""
    return film.flip(-1), truth.flip(-1)[:, [1, 0, *range(2, truth.shape[1])]]


def augment(
    film: torch.Tensor, truth: torch.Tensor, chance: torch.Generator, mirrors: float = 0.0, size: int = SIZE, strength: float = 1.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """film [n,2,s,s] (greys, inside the film), truth [n,c,s,s] → film [n,1,size,size], truth [n,c,size/2,size/2] soft."""
    n = film.shape[0]
    field = warp_field(n, size, chance, strength)
    both = functional.grid_sample(torch.cat([film, truth], 1), field, mode="bilinear", padding_mode="zeros", align_corners=False)
    greys, inside, truth = both[:, :1], both[:, 1:2], both[:, 2:]
    flips = torch.rand(n, generator=chance) < mirrors
    truth = functional.avg_pool2d(truth, 2)
    greys = shade(greys, inside, chance, strength)
    if flips.any():
        greys[flips], truth[flips] = mirror(greys[flips], truth[flips])
    return greys, truth
