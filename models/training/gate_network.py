"""The gate's network: EfficientNet-Lite0 with ImageNet's weights, unchanged, pooled coarsely at four depths, and a small head."""
from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from backbone import Encoder, input_of

SIZE = 224
INPUT = input_of(SIZE)
#: 4 × 4 cells of block 4 (40 channels), 3 × 3 of blocks 10 (112) and 15 (320), the mean of the last (1280).
FEATURES = 40 * 16 + 112 * 9 + 320 * 9 + 1280


class Pooled(Encoder):
    """image [n,3,224,224] → features [n,FEATURES]: what is where, coarsely, since the gate asks which way up a film is."""

    def __init__(self):
        super().__init__(last=True)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        (fine, middle), coarse = self.encode(image, (4, 10))
        last = self.act(self.head_norm(self.head(coarse))).mean((2, 3))
        pools = [functional.avg_pool2d(fine, 7), functional.avg_pool2d(middle, 6, 4), functional.avg_pool2d(coarse, 3, 2)]
        return torch.cat([*(pool.flatten(1) for pool in pools), last], 1)


class Reduce(nn.Module):
    """features → their leading principal components, each of variance 1 on the films that taught."""

    def __init__(self, mean: np.ndarray, spread: np.ndarray, basis: np.ndarray):
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(mean.astype(np.float32)))
        self.register_buffer("scale", torch.from_numpy((1 / np.maximum(spread, 1e-3)).astype(np.float32)))
        #: [FEATURES, components]
        self.register_buffer("basis", torch.from_numpy(basis.astype(np.float32)))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return ((features - self.mean) * self.scale).clamp(-6, 6) @ self.basis

    def numbers(self, features: np.ndarray) -> np.ndarray:
        """The same in numpy, in pieces."""
        mean, scale, basis = (t.numpy() for t in (self.mean, self.scale, self.basis))
        pieces = range(0, len(features), 2048)
        turn = lambda x: np.clip((np.asarray(x, np.float32) - mean) * scale, -6, 6) @ basis
        return np.concatenate([turn(features[at : at + 2048]) for at in pieces]) if len(features) else np.zeros((0, basis.shape[1]), np.float32)


class Head(nn.Module):
    """components → logits; a linear path beside one hidden layer."""

    def __init__(self, reduce: Reduce, kinds: int, hidden: int):
        super().__init__()
        components = reduce.basis.shape[1]
        self.reduce = reduce
        self.linear = nn.Linear(components, kinds)
        self.hidden = nn.Linear(components, hidden)
        self.out = nn.Linear(hidden, kinds)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def decide(self, z: torch.Tensor, dropout: float = 0.0) -> torch.Tensor:
        z = functional.dropout(z, dropout, self.training)
        h = functional.dropout(functional.relu(self.hidden(z)), dropout, self.training)
        return self.linear(z) + self.out(h)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.decide(self.reduce(features))


class Gate(nn.Module):
    """What is exported: image → logits."""

    def __init__(self, pooled: Pooled, head: Head):
        super().__init__()
        self.pooled, self.head = pooled, head

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.head(self.pooled(image))
