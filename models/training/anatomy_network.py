"""The anatomy network: EfficientNet-Lite0 (ImageNet) as encoder, a light U-Net decoder, four masks at half the input's size."""
from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from backbone import Encoder, input_of

SIZE = 192
#: The masks in the order of the graph's channels; each is a question of its own (they overlap).
MASKS = ["right-lung", "left-lung", "cardiomediastinum", "lung-opacity"]
#: Logits are the head's output times this: confidence comes within a few hundred steps.
GAIN = 4.0
#: Blocks after which the encoder is tapped, and the channels there: 1/2, 1/4, 1/8, 1/16, 1/32.
TAPS = (0, 2, 4, 10, 15)
WIDTHS = (16, 24, 40, 112, 320)
INPUT = input_of(SIZE)


def block(inputs: int, outputs: int) -> nn.Sequential:
    """Two convolutions of 3 × 3 with batch statistics."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Anatomy(Encoder):
    """image [n,3,192,192] → logits [n,4,96,96], one map a mask, in the order of `MASKS`."""

    def __init__(self, widths: tuple[int, ...] = (96, 48, 32, 16), dropout: float = 0.1):
        super().__init__()
        self.entry = nn.Sequential(nn.Conv2d(WIDTHS[4], widths[0], 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU(inplace=True))
        self.up = nn.ModuleList()
        above = widths[0]
        for width, skip in zip(widths, WIDTHS[3::-1]):
            self.up.append(block(above + skip, width))
            above = width
        self.dropout = nn.Dropout2d(dropout)
        self.head = nn.Conv2d(above, len(MASKS), 1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        taps, h = self.encode(image, TAPS)
        h = self.dropout(self.entry(h))
        for part, skip in zip(self.up, taps[3::-1]):
            h = functional.interpolate(h, scale_factor=2.0, mode="nearest")
            h = part(torch.cat([h, skip], 1))
        return GAIN * self.head(h)


class Whole(nn.Module):
    """What is exported: image → masks, probabilities [n,4,96,96]."""

    def __init__(self, network: Anatomy):
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.network(image))
