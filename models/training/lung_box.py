"""Where the lungs are: a small network that answers with a box, the cut of the film inside it, and the way of a map back to the film."""
from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from backbone import Encoder

#: The box is looked for on the film at this size.
BOX_SIZE = 192
#: Blocks of EfficientNet-Lite0 after which it is read: 1/16 and 1/32.
TAPS = (10, 15)
WIDTH = 64
#: Left, top, right, bottom of the usual lungs, as fractions of the model grid.
USUAL_BOX = (0.12, 0.10, 0.90, 0.83)
#: Air around the box, as shares of its width or height: left, top, right, bottom. The costophrenic angles lie below.
AIR = (0.06, 0.06, 0.06, 0.12)
#: A view holds at least the film between these, whatever the box says.
CORE = (0.45, 0.55)
#: All that decides, beside a network's weights, what is looked at.
VIEW = (BOX_SIZE, AIR, CORE)


class LungBox(Encoder):
    """image [n,3,192,192] → box [n,4] around both lungs: left, top, right, bottom as fractions of the model grid."""

    def __init__(self):
        super().__init__()
        self.fine, self.coarse = nn.Conv2d(112, WIDTH, 1), nn.Conv2d(320, WIDTH, 1)
        self.mix = nn.Sequential(
            nn.Conv2d(WIDTH, WIDTH, 3, padding=1), nn.ReLU(), nn.Conv2d(WIDTH, WIDTH, 3, padding=1), nn.ReLU()
        )
        self.sides = nn.Linear(2 * WIDTH * BOX_SIZE // 16, 4)
        nn.init.zeros_(self.sides.weight)
        self.sides.bias.data = torch.tensor(USUAL_BOX)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        (fine, coarse), _ = self.encode(image, TAPS)
        coarse = functional.interpolate(self.coarse(coarse), scale_factor=2.0, mode="nearest")
        h = self.mix(functional.relu(self.fine(fine) + coarse))
        return self.sides(torch.cat([h.mean(3).flatten(1), h.mean(2).flatten(1)], 1))


def view_of(box: torch.Tensor) -> torch.Tensor:
    """The part of the model grid that is looked at, [n,4]: the box and air around it, never without the middle."""
    size = (box[:, 2:] - box[:, :2]).repeat(1, 2)
    air = torch.tensor([-AIR[0], -AIR[1], AIR[2], AIR[3]])
    wide = box + size * air
    return torch.cat([wide[:, :2].clamp(0, CORE[0]), wide[:, 2:].clamp(CORE[1], 1)], 1)


def tents(centres: torch.Tensor, count: int, width: torch.Tensor) -> torch.Tensor:
    """[n,m,count]: how near each of `count` pixel centres is to each of `centres` [n,m], 1 … 0 within `width` [n]; in pixels."""
    pixels = torch.arange(count, dtype=torch.float32)
    return functional.relu(1 - (centres[:, :, None] - pixels).abs() / width[:, None, None])


def centres_of(low: torch.Tensor, high: torch.Tensor, count: int, pixels: int) -> torch.Tensor:
    """Centres [n,count] of `count` equal parts between `low` and `high` [n], fractions of an axis of `pixels`, as pixel indexes."""
    parts = (torch.arange(count, dtype=torch.float32) + 0.5) / count
    return (low[:, None] + (high - low)[:, None] * parts) * pixels - 0.5


def shares(view: torch.Tensor, parts: int, pixels: int) -> list[torch.Tensor]:
    """Rows and columns [n,parts,pixels]: how much of each pixel goes with each of `parts` equal parts of the view; each part's sum to 1."""
    out = []
    for low, high in ((view[:, 1], view[:, 3]), (view[:, 0], view[:, 2])):
        near = tents(centres_of(low, high, parts, pixels), pixels, ((high - low) * pixels / parts).clamp(min=1))
        out.append(near / near.sum(2, keepdim=True))
    return out


def cut(image: torch.Tensor, view: torch.Tensor, size: int) -> torch.Tensor:
    """image [n,c,s,s] → its part `view` [n,4] at [n,c,size,size]: linear, wider where it shrinks; its sides may be stretched apart."""
    rows, columns = shares(view, size, image.shape[-1])
    return rows[:, None] @ image @ columns.transpose(1, 2)[:, None]


def lay(cam: torch.Tensor, view: torch.Tensor, cells: int) -> torch.Tensor:
    """Map [n,k,g,g] of a view → the film's map [n,k,cells,cells] with the same mean; 0 where the view does not reach."""
    rows, columns = shares(view, cam.shape[-1], cells)
    return rows.transpose(1, 2)[:, None] @ cam @ columns[:, None] * (cells / cam.shape[-1]) ** 2
