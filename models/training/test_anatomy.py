"""python3 -m unittest discover models/training: what must hold of the anatomy pack's data, augmentation and measures."""
from __future__ import annotations

import json
import unittest
from pathlib import Path

import numpy as np
import torch

from anatomy_augment import augment
from anatomy_data import FOLDS, Film, assign_anatomy_folds
from anatomy_measure import at_film_size, dice, found, largest, ratio
from anatomy_network import SIZE
from transform import letterbox

GOLDEN = Path(__file__).parents[2] / "tests/golden/ratio.json"


def ellipse(rows: int, columns: int, x: float, y: float, width: float, height: float) -> np.ndarray:
    """Probability that falls from 1 to 0 over one cell at the edge, as in src/core/measure/testdata.ts."""
    r, c = np.mgrid[:rows, :columns]
    away = np.hypot((c + 0.5 - x) / (width / 2), (r + 0.5 - y) / (height / 2))
    return np.clip(0.5 + (1 - away) * (width / 2), 0, 1)


def film(file: str, patient: str, split: str = "train", masked: bool = False) -> Film:
    one = Film(file, "covid", patient, "PA", "", split, "", 400, 400, "")
    if masked:
        one.masks = {"Right Lung": "", "Left Lung": "", "Cardiomediastinum": ""}
    return one


class Ratio(unittest.TestCase):
    def chest(self) -> np.ndarray:
        shapes = [(32, 56, 36, 80), (80, 56, 36, 80), (60, 70, 42, 44)]
        return np.stack([ellipse(112, 112, *shape) for shape in shapes])

    def test_known_widths(self):
        found = ratio(self.chest())
        self.assertAlmostEqual(found["ratio"], 42 / 84, places=2)

    def test_width_above_the_hila_does_not_count(self):
        p = self.chest()
        p[2] = np.maximum(p[2], ellipse(112, 112, 60, 30, 70, 20))
        self.assertAlmostEqual(ratio(p)["ratio"], 42 / 84, places=2)

    def test_specks_do_not_count(self):
        p = self.chest()
        p[2, 90, 5] = 1
        p[0, 56, 0] = 1
        self.assertAlmostEqual(ratio(p)["ratio"], ratio(self.chest())["ratio"], places=9)

    def test_nothing_is_no_ratio(self):
        p = self.chest()
        p[1] = 0
        self.assertIsNone(ratio(p))

    def test_golden_numbers_are_those_that_the_product_is_held_to(self):
        for case in json.loads(GOLDEN.read_text())["cases"]:
            p = np.asarray(case["masks"], float).reshape(3, case["rows"], case["columns"]) / 255
            found = ratio(p)
            self.assertAlmostEqual(found["ratio"], case["ratio"], places=6)
            np.testing.assert_allclose(found["thoraxLine"], case["thoraxLine"], atol=1e-6)
            np.testing.assert_allclose(found["heartTouches"], case["heartTouches"], atol=1e-6)


class Places(unittest.TestCase):
    def test_the_largest_part_touches_by_sides(self):
        mask = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 1]], bool)
        self.assertEqual(int(largest(mask).sum()), 3)

    def test_a_mask_comes_back_at_the_film_s_size(self):
        box = letterbox(400, 300, SIZE, SIZE)
        half = SIZE // 2
        p = np.zeros((4, half, half))
        p[0, half // 2 - 10 : half // 2 + 10, half // 2 - 10 : half // 2 + 10] = 1
        big = at_film_size(p, box, 300, 400) >= 0.5
        rows, columns = np.flatnonzero(big[0].any(1)), np.flatnonzero(big[0].any(0))
        self.assertAlmostEqual((rows[0] + rows[-1] + 1) / 2, 150, delta=1.5)
        self.assertAlmostEqual((columns[0] + columns[-1] + 1) / 2, 200, delta=1.5)
        self.assertEqual(dice(big[0], big[0]), 1)

    def test_lungs_on_the_wrong_sides_are_not_found(self):
        box = letterbox(400, 400, SIZE, SIZE)
        half = SIZE // 2
        p = np.zeros((4, half, half))
        p[0, 20:80, 10:40] = 1
        p[1, 20:80, 55:85] = 1
        self.assertTrue(found(p, box, film("a", "a")))
        self.assertFalse(found(p[[1, 0, 2, 3]], box, film("a", "a")))


class Augmentation(unittest.TestCase):
    def test_the_mask_goes_where_the_film_goes(self):
        """A film that is its own mask stays its own mask, whatever the warp; greys are left alone."""
        shape = torch.tensor(ellipse(288, 288, 130, 160, 150, 100), dtype=torch.float32)
        films = torch.stack([torch.stack([shape, torch.ones_like(shape)])] * 4)
        truth = torch.stack([torch.stack([shape, shape, shape, shape, torch.ones_like(shape)])] * 4)
        greys, moved = augment(films, truth, torch.Generator().manual_seed(1), strength=1e-6)
        pooled = torch.nn.functional.avg_pool2d(greys, 2)
        self.assertLess(float((pooled[:, 0] - moved[:, 2]).abs().mean()), 0.02)

    def test_mirrored_lungs_change_names(self):
        films = torch.ones(2, 2, 288, 288)
        truth = torch.zeros(2, 5, 288, 288)
        truth[:, 0, :, :100] = 1
        _, moved = augment(films, truth, torch.Generator().manual_seed(2), mirrors=1.0, strength=1e-6)
        self.assertEqual(float(moved[:, 0].sum()), 0)
        self.assertGreater(float(moved[:, 1, :, SIZE // 4 :].mean()), 0.5)


class Folds(unittest.TestCase):
    def test_groups_stay_whole_and_test_teaches_nobody(self):
        films = [film(f"f{k}", f"p{k // 3}", masked=k % 2 == 0) for k in range(60)]
        films += [film("t", "p0", "test"), film("u", "q", "test")]
        groups = [f.patient for f in films]
        assign_anatomy_folds(films, groups)
        for group in set(groups):
            self.assertEqual(len({f.fold for f, g in zip(films, groups) if g == group}), 1)
        self.assertTrue(all(f.fold == -1 for f, g in zip(films, groups) if g in ("p0", "q")))
        counts = [sum(f.masked for f in films if f.fold == k) for k in range(FOLDS)]
        self.assertLessEqual(max(counts) - min(counts), 3)


if __name__ == "__main__":
    unittest.main()
