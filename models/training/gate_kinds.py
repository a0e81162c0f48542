"""What the gate must tell apart, and how inputs of each kind are made from films."""
from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from phantom import phantom

#: Order of the logits. The first two are let through; a mirrored film with a word of caution.
KINDS = [
    ("frontal", "Frontal chest film"),
    ("mirrored", "Frontal chest film, mirrored"),
    ("lateral", "Lateral film"),
    ("other-part", "Film of another body part"),
    ("section", "CT, MR, ultrasound or another picture"),
    ("inverted", "Black and white exchanged"),
    ("turned-left", "Turned by 90°, head to the left"),
    ("turned-right", "Turned by 90°, head to the right"),
    ("upside-down", "Upside down"),
    ("blank", "Blank"),
    ("cropped", "Cropped"),
    ("screen-photo", "Photograph of a screen or light box"),
    ("synthetic", "Drawn phantom"),
]
NAMES = [name for name, _ in KINDS]
ACCEPTED = ("frontal", "mirrored")


def jittered(film: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Light rotation (±7°), scale (0.88–1.12), shift (±4 %) and gamma (0.75–1.33). No mirror: the heart has a side."""
    height, width = film.shape
    angle = math.radians(chance.uniform(-7, 7))
    scale = math.exp(chance.uniform(-0.12, 0.12))
    dx, dy = chance.uniform(-0.04, 0.04, 2) * (width, height)
    c, s = math.cos(angle) / scale, math.sin(angle) / scale
    cx, cy = width / 2, height / 2
    matrix = (c, s, cx - c * (cx + dx) - s * (cy + dy), -s, c, cy + s * (cx + dx) - c * (cy + dy))
    moved = Image.fromarray(np.float32(film)).transform((width, height), Image.AFFINE, matrix, Image.BILINEAR)
    return np.clip(np.asarray(moved), 0, 1) ** math.exp(chance.uniform(-0.29, 0.29))


def to_picture(film: np.ndarray) -> Image.Image:
    return Image.fromarray((np.clip(film, 0, 1) * 255).astype(np.uint8))


def to_film(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, np.float64) / 255.0


def marked(film: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """A side marker or a line of letters near an edge."""
    picture = to_picture(film)
    pen = ImageDraw.Draw(picture)
    for _ in range(chance.integers(1, 3)):
        x, y = chance.uniform(0.02, 0.85) * picture.width, chance.choice([0.03, 0.08, 0.9]) * picture.height
        pen.text((x, y), str(chance.choice(["R", "L", "AP", "PA", "PORTABLE", "SUPINE", "ERECT", "12:41"])), fill=int(chance.choice([0, 255])))
    return to_film(picture)


def framed(film: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Black or white margins, as collimation, scanning or another screen shape leaves them."""
    h, w = film.shape
    margins = (chance.uniform(0, 0.14, 4) * [h, h, w, w]).astype(int) * (chance.random(4) < 0.6)
    shade = 0.0 if chance.random() < 0.75 else 1.0
    return np.pad(film, ((margins[0], margins[1]), (margins[2], margins[3])), constant_values=shade)


def trimmed(film: np.ndarray, chance: np.random.Generator, most: float = 0.07) -> np.ndarray:
    h, w = film.shape
    top, bottom, left, right = chance.uniform(0, most, 4)
    return film[int(top * h) : h - int(bottom * h), int(left * w) : w - int(right * w)]


def usual(film: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """What may befall any film on its way: turn, shift, window, trim, margins, letters, grain, blur."""
    out = film
    if chance.random() < 0.8:
        out = jittered(out, chance)
    if chance.random() < 0.5:
        low, high = np.quantile(out, [chance.uniform(0, 0.12), chance.uniform(0.88, 1)])
        out = np.clip((out - low) / max(high - low, 0.05), 0, 1)
    if chance.random() < 0.3:
        out = out ** math.exp(chance.uniform(-0.6, 0.6))
    if chance.random() < 0.4:
        out = trimmed(out, chance)
    if chance.random() < 0.3:
        out = marked(out, chance)
    if chance.random() < 0.35:
        out = framed(out, chance)
    if chance.random() < 0.2:
        out = to_film(to_picture(out).filter(ImageFilter.GaussianBlur(chance.uniform(0.4, 1.5))))
    if chance.random() < 0.2:
        out = np.clip(out + chance.normal(0, chance.uniform(0.01, 0.05), out.shape), 0, 1)
    return out


def cropped(film: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """At most 60 % of the width or height is left: a half, a quarter or a detail."""
    h, w = film.shape
    way = chance.integers(6)
    part = lambda low, high: chance.uniform(low, high)
    if way == 0:  # left or right half
        width, x = part(0.38, 0.58), chance.integers(2)
        box = (x * (1 - width), 0, width, 1)
    elif way == 1:  # upper or lower half
        height, y = part(0.35, 0.52), chance.integers(2)
        box = (0, y * (1 - height), 1, height)
    elif way in (2, 3):  # a corner
        width, height = part(0.4, 0.62), part(0.4, 0.62)
        box = (chance.integers(2) * (1 - width), chance.integers(2) * (1 - height), width, height)
    else:  # a detail anywhere
        width, height = part(0.3, 0.52), part(0.3, 0.52)
        box = (chance.random() * (1 - width), chance.random() * (1 - height), width, height)
    x, y, bw, bh = box
    return film[int(y * h) : max(int((y + bh) * h), int(y * h) + 8), int(x * w) : max(int((x + bw) * w), int(x * w) + 8)]


def perspective(picture: Image.Image, to: list[tuple[float, float]], size: tuple[int, int]) -> Image.Image:
    """The picture with its corners at `to` (clockwise from top left), black elsewhere."""
    w, h = picture.size
    rows, right = [], []
    for (x, y), (u, v) in zip(to, [(0, 0), (w, 0), (w, h), (0, h)]):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return picture.transform(size, Image.PERSPECTIVE, np.linalg.solve(np.array(rows), np.array(right)), Image.BILINEAR)


def screen_photo(film: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """A film photographed off a screen or light box: keystone, surround, moiré, glare, vignette, camera's curve."""
    shown = to_picture(film)
    w, h = shown.size
    width, height = int(w * chance.uniform(1.0, 1.5)), int(h * chance.uniform(1.0, 1.4))
    slack = chance.uniform(0.02, 0.12)
    far = lambda: chance.uniform(-0.3 * slack, 1.6 * slack)
    corners = [
        (far() * width, far() * height),
        (width - far() * width, far() * height),
        (width - far() * width, height - far() * height),
        (far() * width, height - far() * height),
    ]
    glow = chance.uniform(0.0, 0.12)
    mask = perspective(Image.new("L", (w, h), 255), corners, (width, height))
    laid = to_film(perspective(shown, corners, (width, height))) * (1 - glow) + glow
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    slope = chance.normal(0, 0.25, 2)
    room = np.clip(chance.uniform(0.02, 0.6) + slope[0] * x + slope[1] * y, 0, 1)
    inside = to_film(mask)
    bezel = to_film(mask.filter(ImageFilter.MaxFilter(int(chance.choice([5, 9, 13, 17])))))
    scene = inside * laid + (1 - inside) * (bezel * chance.choice([0.02, 0.08, 0.9]) + (1 - bezel) * room)
    for _ in range(chance.integers(1, 4)):  # beats between the screen's and the camera's grid
        angle, period = chance.uniform(0, math.pi), chance.uniform(0.01, 0.08)
        wave = np.sin(2 * math.pi * (x * math.cos(angle) + y * math.sin(angle)) / period + 2 * np.sin(chance.uniform(1, 6) * (x + y)))
        scene = scene * (1 + inside * chance.uniform(0.02, 0.1) * wave)
    for _ in range(chance.integers(0, 3)):  # lamps and windows mirrored in the glass
        cx, cy, r = chance.uniform(0, 1), chance.uniform(0, 1), chance.uniform(0.03, 0.25)
        scene = scene + chance.uniform(0.15, 0.6) * np.exp(-(((x - cx) / r) ** 2 + ((y - cy) / (r * chance.uniform(0.4, 2))) ** 2))
    cx, cy = chance.uniform(0.3, 0.7, 2)
    scene = scene * (1 - chance.uniform(0.1, 0.7) * ((x - cx) ** 2 + (y - cy) ** 2))
    scene = np.clip(scene, 0, 1) ** math.exp(chance.uniform(-0.5, 0.4)) + chance.normal(0, chance.uniform(0.005, 0.03), scene.shape)
    picture = to_picture(scene).rotate(chance.normal(0, 4), Image.BILINEAR, fillcolor=int(255 * room.mean()))
    return to_film(picture.filter(ImageFilter.GaussianBlur(chance.uniform(0.2, 1.2))))


def blank(chance: np.random.Generator) -> np.ndarray:
    """Nothing exposed: one shade, a slope, grain, a few letters, an empty collimated field, saturation."""
    h, w = chance.integers(200, 400, 2)
    y, x = np.mgrid[0:h, 0:w] / max(h, w)
    way = chance.integers(7)
    film = np.full((h, w), chance.uniform(0, 1))
    if way in (1, 4):
        film = np.clip(film + chance.normal(0, 0.3) * x + chance.normal(0, 0.3) * y, 0, 1)
    if way in (2, 4, 5):
        film = np.clip(film + chance.normal(0, chance.uniform(0.002, 0.2), (h, w)), 0, 1)
    if way == 3:
        top, left = chance.uniform(0.02, 0.3, 2)
        film = film * 0
        film[int(top * h) : int((1 - top) * h), int(left * w) : int((1 - left) * w)] = chance.uniform(0.3, 1)
        film = np.clip(film + chance.normal(0, chance.uniform(0.0, 0.04), (h, w)), 0, 1)
    if way == 5:
        soft = to_picture(film).resize((int(chance.integers(3, 9)),) * 2).resize((int(w), int(h)), Image.BICUBIC)
        film = np.clip(to_film(soft) + chance.normal(0, 0.02, (h, w)), 0, 1)
    if way == 6:
        bars = np.sin(2 * math.pi * (x if chance.random() < 0.5 else y) * chance.uniform(1, 30))
        film = np.clip(film + chance.uniform(0.01, 0.2) * bars + chance.normal(0, 0.02, (h, w)), 0, 1)
    return marked(film, chance) if chance.random() < 0.4 else film


def drawn(chance: np.random.Generator) -> np.ndarray:
    """The program's own phantom, of any seed and size."""
    return phantom(int(chance.integers(200, 420)), int(chance.integers(200, 420)), int(chance.integers(1, 10**6))) / 255.0


TURNS = {"turned-left": 1, "turned-right": 3, "upside-down": 2}


def of_kind(kind: str, film: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """A film of kind `kind` out of an upright frontal one."""
    if kind == "mirrored":
        return film[:, ::-1]
    if kind == "inverted":
        return 1 - film
    if kind in TURNS:
        return np.rot90(film, TURNS[kind])
    if kind == "cropped":
        return cropped(film, chance)
    if kind == "screen-photo":
        return screen_photo(film, chance)
    raise ValueError(f"expected a kind that can be made out of a film, found {kind}")
