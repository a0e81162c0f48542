"""Tests of what must not be wrong: the transform, the folds, the statistics."""
import unittest
from dataclasses import replace

import numpy as np

import torch

from cache import pool_features
from data import IDS, Film, assign_folds, lesson, truth
from figures import auc, operating_point, platt, share, sigmoid
from lung_box import cut, lay, view_of
from lung_box_train import is_free, vary
from network import CHANNELS, GRID, Head, region_masks
from train import Choice, Fitter, Lessons, Settings, predict, soften
from transform import letterbox, model_input, resampling, stretch


def film(n: int, mined: set[str], rsna: str = "", patient: str = "a") -> Film:
    return Film(f"images/{n}.jpg", patient, "F", 40, "PA", "train", frozenset(mined), rsna, 384, 384)


class Transform(unittest.TestCase):
    def test_1_weights_sum_to_one_and_keep_the_mean(self):
        for source, target in [(384, 320), (500, 320), (256, 320), (320, 320), (7, 3), (3, 7), (1, 4)]:
            weights = resampling(source, target)
            np.testing.assert_allclose(weights.sum(1), 1)
            if target <= source:
                np.testing.assert_allclose(weights.sum(0), target / source)

    def test_2_letterbox_keeps_the_aspect_and_rounds_half_up(self):
        box = letterbox(500, 400, 320, 320)
        self.assertEqual((box.x, box.y, box.width, box.height), (0, 32, 320, 256))
        self.assertEqual(letterbox(640, 5, 320, 320).height, 3)

    def test_3_stretch_clips_at_quantiles_and_a_flat_film_is_black(self):
        values = np.linspace(0, 1, 1001).reshape(7, 143)
        out = stretch(values, {"low": 0.1, "high": 0.9})
        self.assertAlmostEqual(out.flat[500], 0.5)
        self.assertEqual((out.min(), out.max()), (0, 1))
        self.assertFalse(stretch(np.full((4, 4), 0.3), {"low": 0, "high": 1}).any())

    def test_4_padding_is_black_before_it_is_normalised(self):
        spec = {"channels": 3, "rows": 8, "columns": 8, "clip": None, "mean": [0.5, 0.4, 0.3], "std": [0.5, 0.4, 0.3]}
        tensor = model_input(np.ones((4, 8)), spec)
        self.assertEqual(tensor.shape, (1, 3, 8, 8))
        np.testing.assert_allclose(tensor[0, :, 0, 0], -1)
        np.testing.assert_allclose(tensor[0, 0, 4, 0], 1)


class Truth(unittest.TestCase):
    def test_1_a_normal_reading_stands_above_a_mined_word(self):
        self.assertEqual(truth(film(1, {"Effusion", "Pneumonia"}, "Normal")).sum(), 0)

    def test_2_opacity_and_pneumonia_are_unknown_without_a_reading(self):
        y = truth(film(1, {"Pneumonia"}))
        self.assertTrue(np.isnan(y[IDS.index("lung-opacity")]) and np.isnan(y[IDS.index("pneumonia")]))
        target, weight = lesson(film(1, {"Pneumonia"}))
        self.assertEqual(target[IDS.index("pneumonia")], 1)
        self.assertAlmostEqual(float(weight[IDS.index("pneumonia")]), 0.3, places=6)
        self.assertEqual(weight[IDS.index("lung-opacity")], 0)

    def test_3_a_film_without_opacity_has_no_pneumonia(self):
        y = truth(film(1, {"Pneumonia", "Consolidation"}, "Not Normal"))
        self.assertEqual(y[IDS.index("pneumonia")], 0)
        self.assertTrue(np.isnan(y[IDS.index("consolidation")]))

    def test_4_no_patient_is_in_two_folds_and_test_is_in_none(self):
        films = [film(n, {"Mass"} if n % 3 else {"No Finding"}, patient=str(n // 2)) for n in range(100)]
        films[0] = replace(films[0], split="test")
        films[1] = replace(films[1], split="test")
        fold = assign_folds(films)
        self.assertEqual(list(fold[:2]), [-1, -1])
        for n in range(2, 100, 2):
            self.assertEqual(fold[n], fold[n + 1])
        self.assertEqual(set(fold[2:]), {0, 1, 2, 3, 4})


class Figures(unittest.TestCase):
    def test_1_area_counts_ties_half(self):
        y = np.array([0, 0, 1, 1])
        self.assertEqual(auc(y, np.array([1, 2, 3, 4])), 1)
        self.assertEqual(auc(y, np.array([1, 1, 1, 1])), 0.5)
        self.assertEqual(auc(y, np.array([1, 3, 2, 4])), 0.75)

    def test_2_calibration_finds_slope_and_intercept(self):
        chance = np.random.default_rng(1)
        logit = chance.normal(size=20000)
        y = (chance.random(20000) < sigmoid(1.7 * logit - 1)).astype(float)
        slope, intercept = platt(logit, y)
        self.assertAlmostEqual(slope, 1.7, delta=0.1)
        self.assertAlmostEqual(intercept, -1, delta=0.1)

    def test_3_a_share_of_none_is_not_certain(self):
        self.assertGreater(share(0, 20)["high"], 0.1)

    def test_4_operating_point_keeps_the_precision(self):
        chance = np.random.default_rng(2)
        y = (chance.random(4000) < 0.1).astype(float)
        p = sigmoid(2 * y - 2 + chance.normal(size=4000))
        called = p >= operating_point(p, y)
        self.assertGreaterEqual(y[called].mean(), 1.2 * 3 * y.mean() - 0.02)

    def test_5_a_rare_finding_keeps_the_lower_bar(self):
        chance = np.random.default_rng(3)
        y = (chance.random(4000) < 0.06).astype(float)
        p = sigmoid(1.0 * y - 2.2 + 0.8 * chance.normal(size=4000))
        precision = y[p >= operating_point(p, y)].mean()
        self.assertGreaterEqual(precision, 1.2 * 3 * y.mean() - 0.02)
        self.assertLess(precision, 0.3)

    def test_6_nothing_is_called_that_a_draft_would_call_unlikely(self):
        chance = np.random.default_rng(3)
        y = (chance.random(4000) < 0.02).astype(float)
        p = sigmoid(1.2 * y - 4 + chance.normal(size=4000))
        self.assertEqual(operating_point(p, y), 0.2)
        self.assertLess(operating_point(p / 2 + 0.5, y), 1)
        self.assertGreater(operating_point(p / 2 + 0.5, y), 0.5)


class Heads(unittest.TestCase):
    def lessons(self, films: int = 40, labels: int = 3, heard: int = 0) -> Lessons:
        """Of the first `heard` films the teacher speaks, of all findings but the last."""
        chance = np.random.default_rng(4)
        features = chance.normal(size=(films, CHANNELS, GRID, GRID)).astype(np.float16)
        pooled, mirrored = pool_features(features), pool_features(features[..., ::-1])
        target = (chance.random((films, labels)) < 0.5).astype(np.float32)
        teacher = np.full(target.shape, np.nan, np.float32)
        teacher[:heard, :-1] = chance.random((heard, labels - 1))
        return Lessons(np.zeros((films, 4), np.float32), features, pooled, mirrored, target, np.ones_like(target), teacher)

    def test_1_regions_cover_every_cell_once(self):
        self.assertTrue((region_masks().sum(0) == 1).all())

    def test_2_the_head_says_what_was_fitted_and_its_map_sums_to_it(self):
        lessons = self.lessons(heard=20)
        fitter = Fitter(lessons, np.arange(30), Settings(), np.arange(30, 40))
        for choice in (Choice(("0", "2"), 0.3, 1.0, 0.5), Choice(("2",), 0.0, 2.0, 0.5), Choice(("0",), 0.3, 1.0, 0.0)):
            head = fitter.head(choice)
            logits, maps = predict(head, lessons.features, np.arange(30, 40))
            np.testing.assert_allclose(logits, fitter.predict(choice), atol=2e-3)
            np.testing.assert_allclose(maps.mean((2, 3)) + head.bias.detach().numpy(), logits, atol=1e-4)

    def test_3_without_a_teacher_the_labels_stand(self):
        lessons = self.lessons()
        y, w = soften(lessons, np.arange(30), 0.8)
        np.testing.assert_array_equal(y, lessons.target)
        self.assertTrue((w == 1).all())
        fitter = Fitter(lessons, np.arange(30), Settings(), np.arange(30, 40))
        plain, echoed = (fitter.predict(Choice(("0",), 0.3, 1.0, echo)) for echo in (0.0, 0.5))
        np.testing.assert_array_equal(plain, echoed)

    def test_4_the_teacher_is_foretold_and_only_where_it_speaks(self):
        lessons = self.lessons(heard=30)
        fitter = Fitter(lessons, np.arange(30), Settings(), np.arange(10))
        alone, plain = (fitter.predict(Choice(("0", "2"), 0.3, 1.0, echo)) for echo in (1.0, 0.0))
        said = np.log(lessons.teacher[:30, :2] / (1 - lessons.teacher[:30, :2]))
        for k in (0, 1):
            self.assertGreater(np.corrcoef(alone[:, k], said[:10, k])[0, 1], 0.9)
        np.testing.assert_array_equal(alone[:, 2], plain[:, 2])

    def test_5_films_that_are_held_out_say_nothing(self):
        lessons = self.lessons(heard=40)
        choice = Choice(("0", "2"), 0.3, 1.0, 0.5)
        before = Fitter(lessons, np.arange(30), Settings(), np.arange(30, 40)).predict(choice)
        lessons.teacher[30:], lessons.target[30:] = 0.5, 1
        after = Fitter(lessons, np.arange(30), Settings(), np.arange(30, 40)).predict(choice)
        np.testing.assert_array_equal(before, after)


class LungBoxes(unittest.TestCase):
    def spot(self, x: int, y: int, size: int = 96) -> torch.Tensor:
        """A film with a soft bright spot at x, y."""
        at = torch.arange(size, dtype=torch.float32)
        return torch.exp(-((at[None] - x) ** 2 + (at[:, None] - y) ** 2) / 18)[None, None]

    def test_1_the_whole_film_is_cut_as_it_is(self):
        film = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
        whole = torch.tensor([[0.0, 0, 1, 1]] * 2)
        torch.testing.assert_close(cut(film, whole, 32), film)

    def test_2_a_spot_is_where_it_was_after_cut_and_lay(self):
        view = torch.tensor([[0.25, 0.125, 0.75, 1.0]])
        seen = cut(self.spot(40, 60), view, 80)
        row, column = divmod(int(seen.argmax()), 80)
        self.assertAlmostEqual((column + 0.5) / 80, ((40.5 / 96) - 0.25) / 0.5, delta=0.01)
        self.assertAlmostEqual((row + 0.5) / 80, ((60.5 / 96) - 0.125) / 0.875, delta=0.01)
        row, column = divmod(int(lay(seen, view, 96).argmax()), 96)
        self.assertLessEqual(max(abs(column - 40), abs(row - 60)), 1)

    def test_3_a_map_keeps_its_mean_and_stays_in_its_view(self):
        cam = torch.randn(2, 3, 10, 10, generator=torch.Generator().manual_seed(2))
        view = torch.tensor([[0.3, 0.2, 0.8, 0.9], [0, 0, 1, 1.0]])
        laid = lay(cam, view, 20)
        torch.testing.assert_close(laid.mean((2, 3)), cam.mean((2, 3)))
        self.assertFalse(laid[0, :, :, :5].any() or laid[0, :, :3].any() or laid[0, :, :, 17:].any() or laid[0, :, 19:].any())

    def test_4_a_wrong_box_still_leaves_the_middle(self):
        view = view_of(torch.tensor([[0.9, 0.9, 0.2, 0.1], [-3, -2, 4, 5], [0.7, 0.7, 0.8, 0.8]]))
        self.assertTrue((view[:, :2] <= 0.45).all() and (view[:, 2:] >= 0.55).all())
        self.assertTrue((view >= 0).all() and (view <= 1).all())

    def test_5_moved_films_take_their_box_along(self):
        film = torch.zeros(8, 1, 96, 96)
        film[:, :, 30:70, 24:60] = 1
        box = torch.tensor([[24, 30, 60, 70]] * 8) / 96
        greys, moved = vary(film, box, torch.Generator().manual_seed(3), 0.0)
        for one, sides in zip(greys, moved):
            rows, columns = np.flatnonzero((one[0] > 0.5).any(1)), np.flatnonzero((one[0] > 0.5).any(0))
            seen = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]) / one.shape[-1]
            np.testing.assert_allclose(seen, sides.clip(0, 1), atol=0.02)

    def test_6_only_free_films_teach(self):
        for licence in ("CC BY 3.0", "CC BY", "CC BY-SA", "CC0 1.0"):
            self.assertTrue(is_free(licence))
        for licence in ("CC BY-NC-SA 4.0", "CC BY-NC-SA", "not stated", "", "listed as authorized for everyone", "CC BY-ND 4.0"):
            self.assertFalse(is_free(licence))


if __name__ == "__main__":
    unittest.main()
