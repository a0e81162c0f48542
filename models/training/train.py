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

from network import CHANNELS, Upper, imagenet_backbone


@dataclass(frozen=True)
class Settings:
    cut: int = 8
    views: int = 9
    #: Views that the head-only stage reads.
    head_views: int = 3
    head_decay: float = 0.03
    epochs: int = 8
    batch: int = 32
    rate: float = 4e-4
    head_rate: float = 4e-4
    decay: float = 0.02
    dropout: float = 0.3
    drop_path: float = 0.1
    #: Weight of the teacher's soft labels (an auxiliary head that is thrown away).
    teacher: float = 0.5
    seed: int = 1

    def name(self) -> str:
        return "-".join(f"{key[:4]}{value}" for key, value in asdict(self).items())


@dataclass(frozen=True)
class Lessons:
    """Everything there is to learn from, over all films; who may learn from which is `rows`."""

    views: list[np.ndarray]
    target: np.ndarray
    weight: np.ndarray
    #: Peer's probabilities [films, labels]; NaN where there is none.
    teacher: np.ndarray


def new_upper(settings: Settings, labels: int) -> Upper:
    return Upper(imagenet_backbone(), settings.cut, labels, settings.dropout, settings.drop_path)


def tensor_of(view: np.ndarray, rows: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(view[rows].astype(np.float32)).contiguous(memory_format=torch.channels_last)


def pooled(upper: Upper, view: np.ndarray, path: Path | None = None) -> np.ndarray:
    """Pooled head features [films, 1280] of one view."""
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
    backbone = [
        pooled(upper, lessons.views[v], work / f"pooled-{settings.cut}-{v}.npy") for v in range(settings.head_views)
    ]
    y, w = lessons.target, lessons.weight
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
        fine_tune(upper, lessons, rows, settings, work / f"{name}.pt", log)
    return upper.eval()


def fine_tune(upper: Upper, lessons: Lessons, rows: np.ndarray, settings: Settings, checkpoint: Path, log) -> None:
    """AdamW, one cosine cycle with a short warm-up; each epoch shows every film once, in a random view."""
    upper.to(memory_format=torch.channels_last)
    assistant = nn.Linear(CHANNELS, lessons.teacher.shape[1])
    nn.init.zeros_(assistant.weight)
    for module in upper.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.1
    head = [upper.maps.weight, upper.bias, *assistant.parameters()]
    body = [p for p in upper.parameters() if all(p is not q for q in head)]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": settings.rate}, {"params": head, "lr": settings.head_rate}],
        weight_decay=settings.decay,
    )
    steps = settings.epochs * math.ceil(len(rows) / settings.batch)
    warm = max(1, steps // 12)
    shape = lambda s: min(1, (s + 1) / warm) * 0.5 * (1 + math.cos(math.pi * s / steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, shape)
    state = {"upper": upper, "assistant": assistant, "optimiser": optimiser, "schedule": schedule}
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        for key, part in state.items():
            part.load_state_dict(saved[key])
        first = saved["epoch"]
    known = ~np.isnan(lessons.teacher)
    teach = np.nan_to_num(lessons.teacher)
    for epoch in range(first, settings.epochs):
        started = time.time()
        chance = np.random.default_rng([settings.seed, epoch])
        torch.manual_seed(settings.seed * 1000 + epoch)
        order = chance.permutation(rows)
        seen = chance.integers(settings.views, size=len(order))
        upper.train()
        total = 0.0
        for at in range(0, len(order), settings.batch):
            films = order[at : at + settings.batch]
            if len(films) < 4:
                continue
            views = seen[at : at + settings.batch]
            stack = np.stack([lessons.views[v][k] for k, v in zip(films, views)]).astype(np.float32)
            h = torch.from_numpy(stack).contiguous(memory_format=torch.channels_last)
            hidden = upper.dropout(upper.features(h).mean((2, 3)))
            logits = hidden @ upper.maps.weight[:, :, 0, 0].T + upper.bias
            target, weight = torch.from_numpy(lessons.target[films]), torch.from_numpy(lessons.weight[films])
            loss = F.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum") / weight.sum()
            if settings.teacher > 0 and known[films].any():
                mask = torch.from_numpy(known[films].astype(np.float32))
                soft = torch.from_numpy(teach[films])
                extra = F.binary_cross_entropy_with_logits(assistant(hidden), soft, mask, reduction="sum")
                loss = loss + settings.teacher * extra / mask.sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(upper.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            total += float(loss) * len(films)
        torch.save({**{key: part.state_dict() for key, part in state.items()}, "epoch": epoch + 1}, checkpoint)
        log(f"{checkpoint.stem} epoch {epoch + 1}: loss {total / len(order):.4f}, {time.time() - started:.0f} s")


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
