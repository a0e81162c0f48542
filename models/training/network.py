"""The findings network: the lungs are found and cut out, two EfficientNet-Lites as ImageNet left them read the cut, and a head
that knows where a cell lies says what is there and where."""
from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from backbone import Encoder, input_of
from lung_box import BOX_SIZE, LungBox, cut, lay, view_of

#: The film as it enters, and what the networks read of it.
FILM = 2 * BOX_SIZE
SIZE = 320
#: Cells of a map on each side: of what was cut out, and of the film.
GRID = 10
CELLS = 20
#: Bands of cells, from the top and from the left: nine regions, the middle ones a little larger.
BANDS = ((0, 3), (3, 7), (7, 10))
REGIONS = len(BANDS) ** 2
#: EfficientNet-Lite0 and Lite2, and the blocks of each that the head reads beside its last convolution.
NETS = {"0": (7, 10, 14, 15), "2": (10, 14, 19, 20)}
#: 80 + 112 + 192 + 320 + 1280 of Lite0, 88 + 120 + 208 + 352 + 1280 of Lite2.
CHANNELS = 1984 + 2048

INPUT = input_of(FILM)


class Depths(Encoder):
    """image [n,3,320,320] → what one network sees at five depths, [n,c,10,10]; finer depths averaged over 2 × 2 cells."""

    def __init__(self, lite: str):
        super().__init__(lite, last=True)
        self.taps = NETS[lite]

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        depths, h = self.encode(image, self.taps)
        coarse = [functional.avg_pool2d(depth, 2) if depth.shape[-1] == 2 * GRID else depth for depth in depths]
        return torch.cat([*coarse, self.act(self.head_norm(self.head(h)))], 1)


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


def views_of(lungs: LungBox, image: torch.Tensor) -> torch.Tensor:
    """image [n,3,384,384] → the part of each film that is read, [n,4]."""
    return view_of(lungs(functional.avg_pool2d(image, FILM // BOX_SIZE)))


class Whole(nn.Module):
    """What is exported: image [n,3,384,384] → logits [n,k], cam [n,k,20,20]."""

    def __init__(self, lungs: LungBox, features: Features, head: Head):
        super().__init__()
        self.lungs, self.features, self.head = lungs, features, head

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        view = views_of(self.lungs, image)
        logits, cam = self.head(self.features(cut(image, view, SIZE)))
        return logits, lay(cam, view, CELLS)
