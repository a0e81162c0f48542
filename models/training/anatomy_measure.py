"""What is measured of masks: overlap, the two widths, whether both lungs were found where they are."""
from __future__ import annotations

import numpy as np

from anatomy_network import SIZE
from transform import Letterbox

#: Below this share of the lungs' height, counted from their top, lies what is held to be below the hila.
HILA = 0.5
#: Both lungs count as found when each covers this share of the film, and reaches over this share of its height.
LEAST_AREA = 0.03
LEAST_HEIGHT = 0.2
#: Where lung boxes are known, the masks' own boxes must overlap them by this (intersection over union).
LEAST_OVERLAP = 0.5


def largest(mask: np.ndarray) -> np.ndarray:
    """The largest part of a mask whose cells touch by their sides; the first in reading order of several as large."""
    starts, ends, rows = [], [], []
    for r, row in enumerate(np.asarray(mask, np.int8)):
        steps = np.diff(np.concatenate([[0], row, [0]]))
        begin = np.flatnonzero(steps == 1)
        starts.extend(begin.tolist())
        ends.extend(np.flatnonzero(steps == -1).tolist())
        rows.extend([r] * len(begin))
    out = np.zeros(mask.shape, bool)
    if not starts:
        return out
    parent = list(range(len(starts)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    above = 0
    for n in range(len(starts)):
        while rows[above] < rows[n] - 1:
            above += 1
        k = above
        while rows[k] == rows[n] - 1:
            if starts[k] < ends[n] and starts[n] < ends[k]:
                a, b = sorted((root(k), root(n)))
                parent[b] = a
            k += 1
    size: dict[int, int] = {}
    for n in range(len(starts)):
        size[root(n)] = size.get(root(n), 0) + ends[n] - starts[n]
    best = max(size, key=lambda n: (size[n], -n))
    for n in range(len(starts)):
        if root(n) == best:
            out[rows[n], starts[n] : ends[n]] = True
    return out


def row_edges(p: np.ndarray, part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Left and right edge of `part` in each row, in cells (a cell's centre is at its index + 0.5); NaN where there is none.

    The edge is where the probability crosses 0.5 between two cell centres; at the border of the grid it is the border.
    """
    rows, columns = part.shape
    left, right = np.full(rows, np.nan), np.full(rows, np.nan)
    for r in np.flatnonzero(part.any(1)):
        inside = np.flatnonzero(part[r])
        a, b = inside[0], inside[-1]
        cross = lambda i, o: (p[r, i] - 0.5) / max(p[r, i] - p[r, o], 1e-9)
        left[r] = 0.0 if a == 0 else a + 0.5 - min(1.0, cross(a, a - 1))
        right[r] = columns if b == columns - 1 else b + 0.5 + min(1.0, cross(b, b + 1))
    return left, right


def ratio(p: np.ndarray) -> dict | None:
    """The cardiothoracic ratio from probabilities [≥3, h, w] (right lung, left lung, cardiomediastinum), square cells.

    Thorax: the widest row from the right lung's outer edge to the left lung's. Cardiomediastinum: from its leftmost to its
    rightmost edge in rows below the hila, held to be the lower half of the lungs' height. Largest parts only.
    None where a part is missing or the cardiomediastinum does not lie within the thorax.
    """
    parts = [largest(channel >= 0.5) for channel in p[:3]]
    if not all(part.any() for part in parts):
        return None
    outer, _ = row_edges(p[0], parts[0])
    _, far = row_edges(p[1], parts[1])
    width = far - outer
    if np.isnan(width).all():
        return None
    thorax = int(np.nanargmax(width))
    lungs = np.flatnonzero((parts[0] | parts[1]).any(1))
    top, bottom = lungs[0], lungs[-1] + 1
    left, right = row_edges(p[2], parts[2])
    rows = np.arange(len(left))
    below = (rows + 0.5 >= top + HILA * (bottom - top)) & (rows + 0.5 <= bottom) & ~np.isnan(left)
    if not below.any():
        return None
    from_row = int(np.nanargmin(np.where(below, left, np.nan)))
    to_row = int(np.nanargmax(np.where(below, right, np.nan)))
    heart = float(right[to_row] - left[from_row])
    if not 0 < heart < width[thorax]:
        return None
    return {
        "ratio": heart / float(width[thorax]),
        "heart": heart,
        "thorax": float(width[thorax]),
        "thoraxLine": [float(outer[thorax]), thorax + 0.5, float(far[thorax]), thorax + 0.5],
        "heartTouches": [float(left[from_row]), from_row + 0.5, float(right[to_row]), to_row + 0.5],
    }


def within(p: np.ndarray, box: Letterbox, scale: float) -> np.ndarray:
    """The part of a grid [c, s, s] that holds the film; `scale` is cells to model pixels (one half)."""
    a, b = round(box.y * scale), round((box.y + box.height) * scale)
    c, d = round(box.x * scale), round((box.x + box.width) * scale)
    return p[:, a:b, c:d]


def bounds(part: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a mask that is not empty."""
    rows, columns = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def lung_parts(p: np.ndarray) -> list[np.ndarray]:
    return [largest(channel >= 0.5) for channel in p[:2]]


def found(p: np.ndarray, box: Letterbox, film) -> bool:
    """Are both lungs there: large enough, tall enough, the right one to the left on the image."""
    some = within(p, box, p.shape[-1] / SIZE)
    parts = lung_parts(some)
    area = some.shape[1] * some.shape[2]
    if any(part.sum() < LEAST_AREA * area for part in parts):
        return False
    places = [bounds(part) for part in parts]
    if any(b - t < LEAST_HEIGHT * some.shape[1] for _, t, _, b in places):
        return False
    return np.nonzero(parts[0])[1].mean() < np.nonzero(parts[1])[1].mean()


def overlaps(p: np.ndarray, box: Letterbox, film) -> list[float] | None:
    """Intersection over union of each lung mask's box with the known one; None where the film has no boxes."""
    if len(film.lungs) != 2:
        return None
    scale = box.width / film.width * p.shape[-1] / SIZE
    answer = []
    for part, name in zip(lung_parts(p), ("Right Lung", "Left Lung")):
        if not part.any():
            answer.append(0.0)
            continue
        x, y, w, h = film.lungs[name]
        left, top = box.x * p.shape[-1] / SIZE + x * scale, box.y * p.shape[-1] / SIZE + y * scale
        l, t, r, b = bounds(part)
        cut = max(0, min(r, left + w * scale) - max(l, left)) * max(0, min(b, top + h * scale) - max(t, top))
        answer.append(float(cut / ((r - l) * (b - t) + w * scale * h * scale - cut)))
    return answer


def agrees_with_boxes(p: np.ndarray, box: Letterbox, film) -> bool | None:
    """Do both masks lie where the boxes are; None where there are none."""
    some = overlaps(p, box, film)
    return None if some is None else min(some) >= LEAST_OVERLAP


def at_film_size(p: np.ndarray, box: Letterbox, height: int, width: int) -> np.ndarray:
    """Probabilities [c, s, s] → [c, height, width] at the film's own size, bilinear between cell centres."""
    scale = p.shape[-1] / SIZE
    rows = ((np.arange(height) + 0.5) / height * box.height + box.y) * scale - 0.5
    columns = ((np.arange(width) + 0.5) / width * box.width + box.x) * scale - 0.5

    def take(at: np.ndarray) -> np.ndarray:
        weights = np.zeros((len(at), p.shape[-1]))
        low = np.floor(at).astype(int)
        part = at - low
        index = np.arange(len(at))
        np.add.at(weights, (index, np.clip(low, 0, p.shape[-1] - 1)), 1 - part)
        np.add.at(weights, (index, np.clip(low + 1, 0, p.shape[-1] - 1)), part)
        return weights

    return take(rows) @ p.astype(np.float64) @ take(columns).T


def dice(a: np.ndarray, b: np.ndarray) -> float:
    """2 |a ∩ b| / (|a| + |b|); 1 where both are empty."""
    total = int(a.sum()) + int(b.sum())
    return 1.0 if total == 0 else 2 * int((a & b).sum()) / total
