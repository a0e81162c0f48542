"""Training of the upper part on cached features: first the head alone, then everything above the cut."""
from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from network import Upper, imagenet_backbone


@dataclass(frozen=True)
class Settings:
    #: Views in the cache; each epoch shows a film in one of them.
    views: int = 9
    #: Views that the head-only stage reads.
    head_views: int = 3
    head_decay: float = 1.0
    #: Epochs of fine-tuning after the head; 0 leaves the backbone as ImageNet made it (see NOTES.md).
    epochs: int = 0
    batch: int = 16
    rate: float = 1e-4
    head_rate: float = 3e-5
    decay: float = 0.02
    dropout: float = 0.2
    drop_path: float = 0.1
    #: Share of the teacher's soft label in the target of a taught film.
    teacher: float = 0.8
    #: How far to go from the head-only network to the fine-tuned one, in weights.
    blend: float = 1.0
    seed: int = 1

    def name(self) -> str:
        return "-".join(f"{key}{value}" for key, value in asdict(self).items() if key != "blend")


@dataclass(frozen=True)
class Lessons:
    """Everything there is to learn from, over all films; who may learn from which is `rows`."""

    views: list[np.ndarray]
    target: np.ndarray
    weight: np.ndarray
    #: Peer's probabilities [films, labels]; NaN where there is none.
    teacher: np.ndarray


def new_upper(settings: Settings, labels: int) -> Upper:
    return Upper(imagenet_backbone(), labels, settings.dropout, settings.drop_path)


def logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def soften(lessons: Lessons, rows: np.ndarray, part: float) -> tuple[np.ndarray, np.ndarray]:
    """Targets and weights with the teacher's word mixed in on taught films.

    The teacher was trained where disease is rarer: for each finding its logits are shifted until their mean
    probability over the taught films in `rows` is that of the targets there.
    """
    y, w = lessons.target.copy(), lessons.weight.copy()
    taught = rows[~np.isnan(lessons.teacher[rows, 0])]
    if part == 0 or len(taught) == 0:
        return y, w
    for k in np.flatnonzero(~np.isnan(lessons.teacher[taught[0]])):
        logit = np.log(lessons.teacher[taught, k] / (1 - lessons.teacher[taught, k]))
        wanted = (y[taught, k] * w[taught, k]).sum() / w[taught, k].sum()
        low, high = -10.0, 10.0
        for _ in range(40):
            shift = (low + high) / 2
            low, high = (shift, high) if logistic(logit + shift).mean() < wanted else (low, shift)
        soft = logistic(logit + shift)
        y[taught, k] = np.where(w[taught, k] > 0, (1 - part) * y[taught, k] + part * soft, soft)
        w[taught, k] = np.maximum(w[taught, k], part)
    return y, w


def tensor_of(view: np.ndarray, rows: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(view[rows].astype(np.float32)).contiguous(memory_format=torch.channels_last)


def pooled(upper: Upper, view: np.ndarray, path: Path | None = None) -> np.ndarray:
    """Pooled head features [films, 1792] of one view."""
    if path and path.exists():
        return np.load(path)
    upper.eval()
    with torch.no_grad():
        out = np.concatenate(
            [
                upper.features(tensor_of(view, np.arange(k, min(k + 32, len(view))))).mean((2, 3)).numpy()
                for k in range(0, len(view), 32)
            ]
        )
    if path:
        np.save(path, out)
    return out


def fit_head(x: np.ndarray, y: np.ndarray, w: np.ndarray, decay: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Ridge-penalised logistic regression for each label on standardised features; answers plain weights."""
    mean, std = x.mean(0), x.std(0) + 1e-3
    z = torch.from_numpy(((x - mean) / std).astype(np.float32))
    target, weight = torch.from_numpy(y), torch.from_numpy(w)
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
    plain = matrix.detach() / torch.from_numpy(std.astype(np.float32))
    return plain, bias.detach() - plain @ torch.from_numpy(mean.astype(np.float32))


def train(lessons: Lessons, rows: np.ndarray, settings: Settings, work: Path, name: str, log) -> Upper:
    """The upper part, trained on the films `rows`. Resumes from `work/name.pt` after each epoch."""
    torch.manual_seed(settings.seed)
    upper = new_upper(settings, lessons.target.shape[1])
    backbone = [pooled(upper, lessons.views[v], work / f"pooled-{v}.npy") for v in range(settings.head_views)]
    y, w = soften(lessons, rows, settings.teacher)
    matrix, bias = fit_head(
        np.concatenate([p[rows] for p in backbone]),
        np.tile(y[rows], (settings.head_views, 1)),
        np.tile(w[rows], (settings.head_views, 1)),
        settings.head_decay,
    )
    with torch.no_grad():
        upper.maps.weight.copy_(matrix[:, :, None, None])
        upper.bias.copy_(bias)
    if settings.epochs > 0:
        start = {key: value.clone() for key, value in upper.state_dict().items()}
        fine_tune(upper, lessons, y, w, rows, settings, work / f"{name}.pt", log)
        upper.load_state_dict(blend(start, upper.state_dict(), settings.blend))
    centre_maps(upper, lessons.views[0], np.random.default_rng(settings.seed).permutation(rows)[:300])
    return upper.eval()


def centre_maps(upper: Upper, view: np.ndarray, rows: np.ndarray) -> None:
    """Take the usual film's map (mean over `rows`) out of every map, its own mean left in."""
    mean = predict(upper, view, rows)[1].mean(0)
    upper.usual += torch.from_numpy(mean - mean.mean((1, 2), keepdims=True))


def blend(start: dict, end: dict, part: float) -> dict:
    """Weights between two networks (Wortsman 2022, robust fine-tuning)."""
    return {
        key: torch.lerp(start[key], end[key], part) if end[key].is_floating_point() else end[key] for key in end
    }


def fine_tune(
    upper: Upper,
    lessons: Lessons,
    y: np.ndarray,
    w: np.ndarray,
    rows: np.ndarray,
    settings: Settings,
    checkpoint: Path,
    log,
) -> None:
    """AdamW, one cosine cycle with a short warm-up; each epoch shows every film once, in a random view.

    Batch normalisation keeps its ImageNet statistics, so that the head found before stays valid.
    """
    upper.to(memory_format=torch.channels_last)
    head = [upper.maps.weight, upper.bias]
    body = [p for p in upper.parameters() if all(p is not q for q in head)]
    optimiser = torch.optim.AdamW(
        [
            {"params": body, "lr": settings.rate, "weight_decay": settings.decay},
            {"params": head, "lr": settings.head_rate, "weight_decay": 0.0},
        ]
    )
    steps = settings.epochs * math.ceil(len(rows) / settings.batch)
    warm = max(1, steps // 12)
    shape = lambda s: min(1, (s + 1) / warm) * 0.5 * (1 + math.cos(math.pi * s / steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, shape)
    state = {"upper": upper, "optimiser": optimiser, "schedule": schedule}
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        for key, part in state.items():
            part.load_state_dict(saved[key])
        first = saved["epoch"]
    for epoch in range(first, settings.epochs):
        started = time.time()
        chance = np.random.default_rng([settings.seed, epoch])
        torch.manual_seed(settings.seed * 1000 + epoch)
        order = chance.permutation(rows)
        seen = chance.integers(settings.views, size=len(order))
        upper.train()
        for module in upper.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        total = 0.0
        for at in range(0, len(order), settings.batch):
            films = order[at : at + settings.batch]
            stack = np.stack([lessons.views[v][k] for k, v in zip(films, seen[at:])]).astype(np.float32)
            logits = upper.train_logits(torch.from_numpy(stack).contiguous(memory_format=torch.channels_last))
            target, weight = torch.from_numpy(y[films]), torch.from_numpy(w[films])
            loss = F.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum") / weight.sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(upper.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            total += float(loss) * len(films)
        torch.save({**{key: part.state_dict() for key, part in state.items()}, "epoch": epoch + 1}, checkpoint)
        log(f"{checkpoint.stem[-5:]} epoch {epoch + 1}: loss {total / len(order):.4f}, {time.time() - started:.0f} s")


def predict(upper: Upper, view: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits [rows, k] and maps [rows, k, 10, 10] of the plain view."""
    upper.eval()
    logits, maps = [], []
    with torch.no_grad():
        for k in range(0, len(rows), 32):
            a, b = upper(tensor_of(view, rows[k : k + 32]))
            logits.append(a.numpy())
            maps.append(b.numpy())
    return np.concatenate(logits), np.concatenate(maps)
