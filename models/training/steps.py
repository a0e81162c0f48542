"""The training of a network with an ImageNet encoder, for masks and for boxes; the mean of the last weights is kept."""
from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from backbone import MEAN, STD, Encoder


def normalise(greys: torch.Tensor) -> torch.Tensor:
    """[n,1,h,w] in [0,1] → the network's three channels."""
    mean, std = torch.tensor(MEAN).view(1, 3, 1, 1), torch.tensor(STD).view(1, 3, 1, 1)
    return ((greys - mean) / std).contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True)
class Pace:
    """How a network with an ImageNet encoder learns, whatever it learns."""

    #: The stem and the first blocks keep their ImageNet weights and statistics.
    frozen: int = 3
    #: The encoder learns this much slower.
    encoder: float = 0.25
    decay: float = 0.02
    #: Of the weights, how much of the running mean is kept at each step.
    average: float = 0.99


class Average:
    """A running mean of the weights, and of the batch statistics."""

    def __init__(self, network: Encoder, keep: float):
        self.network, self.keep, self.steps = network, keep, 0
        self.state = {key: value.clone() for key, value in network.state_dict().items()}

    def update(self) -> None:
        self.steps += 1
        keep = min(self.keep, self.steps / (self.steps + 5))
        for key, value in self.network.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[key].mul_(keep).add_(value, alpha=1 - keep)
            else:
                self.state[key].copy_(value)


def run_steps(network: Encoder, batch, steps: int, rate: float, pace: Pace, chance, save: Path, log, loss_of) -> None:
    """`steps` steps of AdamW on a cosine after a short warm-up; goes on from `save` where it was stopped; leaves the mean.

    batch: step → greys [n,1,h,w] and target. loss_of: answer, target → loss.
    """
    fixed = [network.stem, network.norm, *network.blocks[: pace.frozen]] if pace.frozen else []
    for part in fixed:
        part.requires_grad_(False)
    encoding = lambda name: name.split(".")[0] in ("stem", "norm", "blocks")
    head = [p for name, p in network.named_parameters() if not encoding(name)]
    encoder = [p for name, p in network.named_parameters() if encoding(name) and p.requires_grad]
    groups = [{"params": head, "scale": 1.0}, {"params": encoder, "scale": pace.encoder}]
    optimiser = torch.optim.AdamW(groups, rate, weight_decay=pace.decay)
    average = Average(network, pace.average)
    first = 0
    if save.exists():
        state = torch.load(save)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.steps, first = state["average"], state["steps"], state["steps"]
        chance.set_state(state["chance"])
    started, total = time.time(), 0.0
    for step in range(first, steps):
        network.train()
        for part in fixed:
            part.eval()
        level = min(1, (step + 1) / 30) * (0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)
        for group in optimiser.param_groups:
            group["lr"] = rate * level * group["scale"]
        greys, target = batch(step)
        loss = loss_of(network(normalise(greys)), target)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        average.update()
        total += float(loss)
        if (step + 1) % 40 == 0 or step + 1 == steps:
            pace = (time.time() - started) / (step + 1 - first)
            log(f"  {save.stem} step {step + 1}/{steps} loss {total / (step % 40 + 1):.3f}, {pace:.2f} s a step")
            total = 0.0
            torch.save(
                {
                    "network": network.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "average": average.state,
                    "steps": step + 1,
                    "chance": chance.get_state(),
                },
                save.with_suffix(".part"),
            )
            save.with_suffix(".part").rename(save)
    network.load_state_dict(average.state)


def shuffled(count: int, need: int, chance: np.random.Generator) -> np.ndarray:
    """`need` row numbers below `count`: every row once before any comes again."""
    return np.concatenate([chance.permutation(count) for _ in range(need // count + 1)])[:need]
