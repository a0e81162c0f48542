"""python3 -m unittest discover models/training"""
import csv
import unittest
from pathlib import Path

import numpy as np

from gate_films import Film, assign_gate_folds, open_terms
from gate_kinds import ACCEPTED, NAMES, blank, cropped, of_kind, screen_photo
from gate_train import accepted_probability, choose_threshold, named_kind


class Gate(unittest.TestCase):
    def test_labels_by_eye_are_kinds_of_the_gate(self):
        with open(Path(__file__).parent / "gate-roco-labels.csv", newline="") as table:
            rows = list(csv.DictReader(table))
        self.assertEqual(len({row["id"] for row in rows}), 2292)
        self.assertLessEqual({row["label"] for row in rows}, {*NAMES, "frontal-child", "unsure"})

    def test_terms(self):
        self.assertTrue(all(open_terms(word) for word in ("CC BY 4.0", "CC BY-SA", "CC0")))
        self.assertFalse(any(open_terms(word) for word in ("CC BY-NC-SA", "CC BY-ND", "not stated", "")))

    def test_kinds_are_what_they_are_called(self):
        film = np.zeros((20, 30))
        film[:5] = 1  # bright at the head
        self.assertEqual(of_kind("turned-left", film, None)[:, :5].mean(), 1)
        self.assertEqual(of_kind("turned-right", film, None)[:, -5:].mean(), 1)
        self.assertEqual(of_kind("upside-down", film, None)[-5:].mean(), 1)
        self.assertEqual(of_kind("inverted", film, None)[:5].mean(), 0)
        for seed in range(20):
            chance = np.random.default_rng(seed)
            part = cropped(np.zeros((100, 100)), chance)
            self.assertLessEqual(min(part.shape), 62)
            for made in (blank(chance), screen_photo(np.full((90, 80), 0.5), chance)):
                self.assertTrue(0 <= made.min() and made.max() <= 1)

    def test_groups_stay_in_one_fold_and_away_from_test(self):
        film = lambda n, split: Film(f"{n}", "nih", f"{n}", "frontal", False, True, split)
        films = [film(n, "test" if n in (3, 40) else "train") for n in range(60)]
        groups = np.arange(60) // 2
        fold = assign_gate_folds(films, groups)
        self.assertEqual((fold[2], fold[3], fold[41]), (-2, -1, -2))
        for g in range(30):
            inside = {int(f) for f in fold[groups == g] if f >= 0}
            self.assertLessEqual(len(inside), 1)
        self.assertEqual(set(fold[fold >= 0]), set(range(5)))

    def test_threshold_spends_at_most_what_it_may(self):
        chance = np.random.default_rng(5)
        p = chance.uniform(0.2, 1, 1500)
        source = np.repeat(["a", "b"], [1000, 500])
        t = choose_threshold(p, source)
        self.assertLessEqual((p[source == "a"] < t).sum(), 8)
        self.assertLessEqual((p[source == "b"] < t).sum(), 4)
        self.assertEqual(choose_threshold(np.full(10, 0.9), np.full(10, "a")), 0.5 * (1 - 1e-6))

    def test_verdict_as_the_product_says_it(self):
        logits = np.full((1, len(NAMES)), -5.0)
        logits[0, NAMES.index("frontal")], logits[0, NAMES.index("lateral")] = 1, 0.5
        p = accepted_probability(logits)
        self.assertAlmostEqual(float(p[0]), 0.62, 1)
        self.assertEqual(NAMES[named_kind(logits, np.array([False]))[0]], "lateral")
        self.assertIn(NAMES[named_kind(logits, np.array([True]))[0]], ACCEPTED)


if __name__ == "__main__":
    unittest.main()
