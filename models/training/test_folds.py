"""Tests of who learns from whom: what a held-out film says never reaches what is measured on it."""
import csv
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import torch

import crossval
import train
from cache import pool_features
from crossval import choose, cross_validate, final_head, gather, outcome_path
from data import FINDINGS, FOLDS, IDS, Film, assign_folds
from figures import FEWEST, FEWEST_CALLED, LEAST_LIKELY, sigmoid
from mark import mark
from measure import measure_label, nested
from network import CHANNELS, GRID, Head
from train import Choice, Fitter, Lessons, Settings, centre_maps, predict, soften

#: Few enough to be quick, different enough to be chosen between.
CANDIDATES = [Choice(("0",), 0.0, 1.0, 0.0), Choice(("0",), 0.3, 1.0, 0.5)]
FILMS, TEST = 50, 8


def films() -> list[Film]:
    """Two films a patient; the last ones are of `test`."""
    words = [row[2] for row in FINDINGS if row[2]]
    mined = lambda n: frozenset({words[n % len(words)], words[n * 5 % len(words)]})
    split = lambda n: "test" if n >= FILMS - TEST else "val" if n % 10 > 7 else "train"
    readings = ("Normal", "Not Normal", "Lung Opacity")
    return [Film(f"images/{n}.jpg", str(n // 2), "F", 40, "PA", split(n), mined(n), readings[n % 3], 384, 384) for n in range(FILMS)]


def lessons(some: list[Film], features: np.ndarray | None = None) -> Lessons:
    """Of made-up features; the teacher speaks on films of `train`."""
    chance = np.random.default_rng(5)
    if features is None:
        features = chance.normal(size=(len(some), CHANNELS, GRID, GRID)).astype(np.float16)
    target = (chance.random((len(some), len(IDS))) < 0.4).astype(np.float32)
    teacher = chance.uniform(0.05, 0.95, target.shape).astype(np.float32)
    teacher[[film.split != "train" for film in some]] = np.nan
    teacher[:, -1] = np.nan
    views = np.tile(np.array([0.1, 0.1, 0.9, 0.9], np.float32), (len(some), 1))
    pooled, mirrored = pool_features(features), pool_features(features[..., ::-1])
    return Lessons(views, features, pooled, mirrored, target, np.ones_like(target), teacher)


def other(known: Lessons, rows: np.ndarray) -> Lessons:
    """The same lessons, but of the films `rows`: what they show, how that is labelled, what the teacher says of it."""
    features, target, teacher = known.features.copy(), known.target.copy(), known.teacher.copy()
    features[rows] = features[rows] * 3 + 1
    target[rows] = 1 - target[rows]
    teacher[rows, :-1] = np.where(np.isnan(teacher[rows, :-1]), 0.9, 1 - teacher[rows, :-1])
    return replace(known, features=features, pooled=pool_features(features), mirrored=pool_features(features[..., ::-1]), target=target, teacher=teacher)


class Folds(unittest.TestCase):
    def setUp(self):
        mock.patch.object(crossval, "CANDIDATES", CANDIDATES).start()
        self.addCleanup(mock.patch.stopall)
        self.films = films()
        self.fold = assign_folds(self.films)
        self.known = lessons(self.films)

    def folds_of(self, known: Lessons) -> crossval.Outcome:
        with tempfile.TemporaryDirectory() as folder:
            return cross_validate(self.films, known, Path(folder) / "folds.pickle", Settings(), lambda line: None)

    def test_1_a_fold_is_measured_by_a_head_that_heard_nothing_of_it(self):
        held = np.flatnonzero(self.fold == 0)
        changed = other(self.known, held)
        # Its own features are what is measured: they stay; labels and teacher of the fold are others.
        changed = replace(changed, features=self.known.features, pooled=self.known.pooled, mirrored=self.known.mirrored)
        before, after = self.folds_of(self.known), self.folds_of(changed)
        np.testing.assert_array_equal(before.logits[held], after.logits[held])
        np.testing.assert_array_equal(before.maps[held], after.maps[held])
        self.assertEqual(before.choices[0], after.choices[0])
        rest = np.flatnonzero(self.fold > 0)
        self.assertGreater(np.abs(before.logits[rest] - after.logits[rest]).max(), 1e-3)

    def test_2_what_a_held_out_film_shows_changes_no_head_but_those_of_other_folds(self):
        held = np.flatnonzero(self.fold == 0)
        one = held[:1]
        before, after = self.folds_of(self.known), self.folds_of(other(self.known, one))
        np.testing.assert_array_equal(before.logits[held[1:]], after.logits[held[1:]])

    def test_3_films_of_test_teach_nobody_and_are_not_foretold(self):
        tested = np.flatnonzero(self.fold == -1)
        self.assertEqual(len(tested), TEST)
        before, after = self.folds_of(self.known), self.folds_of(other(self.known, tested))
        developed = np.flatnonzero(self.fold >= 0)
        np.testing.assert_array_equal(before.logits[developed], after.logits[developed])
        self.assertTrue(np.isnan(before.logits[tested]).all())
        one, two = (final_head(self.films, known, Settings(), CANDIDATES[1]) for known in (self.known, other(self.known, tested)))
        for a, b in zip(one.state_dict().values(), two.state_dict().values()):
            np.testing.assert_array_equal(a.numpy(), b.numpy())

    def test_4_inside_each_candidate_is_judged_on_films_that_taught_it_nothing(self):
        taught = []
        real = train.Fitter

        def watched(known, rows, settings, others=None):
            taught.append((set(self.fold[rows]), set() if others is None else set(self.fold[others])))
            return real(known, rows, settings, others)

        with mock.patch.object(crossval, "Fitter", watched):
            choose(self.films, self.known, Settings(), self.fold, [1, 2, 3, 4])
        self.assertEqual(len(taught), 4)
        for rows, others in taught:
            self.assertEqual(len(others), 1)
            self.assertFalse(rows & others)
            self.assertEqual(rows | others, {1, 2, 3, 4})

    def test_5_kept_folds_are_those_of_the_same_films_words_and_settings(self):
        path = lambda some=self.films, known=self.known, settings=Settings(): outcome_path(some, known, Path("."), settings)
        rows = np.array([3])
        self.assertEqual(path(), path(known=lessons(self.films)))
        teacher, weight = self.known.teacher.copy(), self.known.weight.copy()
        teacher[0, 0], weight[0, 0] = 0.123, 0.5
        changed = [
            path(known=other(self.known, rows)),
            path(known=replace(self.known, teacher=teacher)),
            path(known=replace(self.known, weight=weight)),
            path(known=replace(self.known, views=self.known.views + 0.01)),
            path(some=[replace(self.films[0], age=12), *self.films[1:]]),
            path(some=[replace(self.films[0], patient="999"), replace(self.films[1], mined=frozenset()), *self.films[2:]]),
            path(settings=Settings(teacher=0.5)),
        ]
        for name in ("ECHO_PENALTY", "USUAL", "CANDIDATES"):
            with mock.patch.object(crossval, name, 9):
                changed.append(path())
        self.assertEqual(len({path(), *changed}), len(changed) + 1)


class Gathering(unittest.TestCase):
    def test_1_the_teacher_is_heard_on_films_of_train_only(self):
        some = films()
        features = np.zeros((len(some), 4, GRID, GRID), np.float16)
        with tempfile.TemporaryDirectory() as folder:
            with open(Path(folder) / "chexnet-predictions.csv", "w", newline="") as table:
                out = csv.writer(table)
                out.writerow(["file", *(word for _, _, word in FINDINGS if word)])
                for film in some:
                    out.writerow([film.file, *(0.25 for _, _, word in FINDINGS if word)])
            seen = (np.zeros((len(some), 4), np.float32), features)
            with mock.patch.object(crossval, "cache_features", lambda *a, **k: seen), mock.patch.object(
                crossval, "pool_features", lambda values: (values.mean((2, 3)), values)
            ):
                known = gather(some, None, Path(folder), Path(folder))
        heard = ~np.isnan(known.teacher[:, 0])
        self.assertEqual(list(heard), [film.split == "train" for film in some])
        self.assertTrue(np.isnan(known.teacher[:, IDS.index("lung-opacity")]).all())


class Judging(unittest.TestCase):
    def planted(self, n: int = 600, rate: float = 0.3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        chance = np.random.default_rng(6)
        y = (chance.random(n) < rate).astype(float)
        return 2 * y - 1.5 + chance.normal(size=n), y, np.arange(n) % FOLDS

    def test_1_a_fold_calibrates_and_calls_by_the_others_alone(self):
        logit, y, fold = self.planted()
        probability, called = nested(logit, y, fold)
        swapped = np.where(fold == 2, 1 - y, y)
        after, called_after = nested(logit, swapped, fold)
        np.testing.assert_array_equal(probability[fold == 2], after[fold == 2])
        np.testing.assert_array_equal(called[fold == 2], called_after[fold == 2])
        self.assertGreater(np.abs(probability[fold != 2] - after[fold != 2]).max(), 0.01)

    def test_2_what_is_seldom_called_or_seldom_there_is_listed_for_nobody(self):
        def listed(positives: int, certain: int) -> dict:
            """Of 500 films; `certain` of the positive ones stand out, the others a little."""
            y = np.zeros(500)
            y[:positives] = 1
            chance = np.random.default_rng(7)
            logit = -3 + 0.3 * chance.normal(size=500) + 0.6 * y
            logit[:certain] += 6
            order = chance.permutation(500)
            some = [replace(film, patient=str(n)) for n, film in enumerate(films() * 10)]
            return measure_label(0, some, y[order], logit[order], np.arange(500) % FOLDS)

        good = listed(60, 40)
        self.assertTrue(good["listed"] and good["reachesBars"])
        counts = lambda row: row["counts"]["tp"] + row["counts"]["fp"]
        few = listed(40, FEWEST_CALLED - 2)
        self.assertLess(counts(few), FEWEST_CALLED)
        self.assertTrue(few["reachesBars"])
        self.assertFalse(few["listed"])
        rare = listed(FEWEST - 1, FEWEST - 1)
        self.assertGreaterEqual(counts(rare), FEWEST_CALLED)
        self.assertTrue(rare["reachesBars"])
        self.assertFalse(rare["listed"])
        for row in (good, few, rare):
            self.assertGreaterEqual(row["threshold"], LEAST_LIKELY)


class Teaching(unittest.TestCase):
    def linear(self, shift: float = 0.0, films: int = 240) -> tuple[Lessons, np.ndarray]:
        """A teacher whose logit is linear in what both networks see, plus `shift`; labels that know nothing of it."""
        chance = np.random.default_rng(8)
        directions = chance.normal(size=(6, CHANNELS))
        amounts = chance.normal(size=(films, 6))
        seen = (amounts @ directions)[:, :, None, None] + 0.1 * chance.normal(size=(films, CHANNELS, GRID, GRID))
        seen = seen.astype(np.float16)
        said = amounts @ np.array([1.5, -1, 0.5, 0.8, -0.3, 0.2]) + shift
        teacher = np.stack([sigmoid(said), np.full(films, np.nan)], 1).astype(np.float32)
        target = (chance.random((films, 2)) < 0.5).astype(np.float32)
        pooled, mirrored = pool_features(seen), pool_features(seen[..., ::-1])
        return Lessons(np.zeros((films, 4), np.float32), seen, pooled, mirrored, target, np.ones_like(target), teacher), said

    def foretold(self, known: Lessons, penalty: float = train.ECHO_PENALTY) -> np.ndarray:
        with mock.patch.object(train, "ECHO_PENALTY", penalty):
            return Fitter(known, np.arange(160), Settings(), np.arange(160, 240)).predict(Choice(("0", "2"), 0.3, 1.0, 1.0))[:, 0]

    def test_1_the_teacher_is_foretold_on_films_that_nobody_heard_it_on(self):
        known, said = self.linear()
        slope = lambda foretold: np.polyfit(said[160:], foretold, 1)[0]
        shipped, free, hard = self.foretold(known), self.foretold(known, 1e-9), self.foretold(known, 10.0)
        self.assertGreater(np.corrcoef(shipped, said[160:])[0, 1], 0.95)
        # The penalty shrinks what it says: neither to nothing nor not at all.
        self.assertGreater(slope(shipped), 0.6)
        self.assertLess(slope(hard), 0.5)
        self.assertLess(slope(shipped), 0.99 * slope(free))

    def test_2_how_common_the_teacher_finds_a_disease_is_not_taken_over(self):
        plain, rare = (self.foretold(self.linear(shift)[0]) for shift in (0.0, -2.0))
        np.testing.assert_allclose(plain, rare, atol=0.02)
        known, _ = self.linear(-2.0)
        y, _ = soften(known, np.arange(160), 0.8)
        self.assertAlmostEqual(float(y[:160, 0].mean()), float(known.target[:160, 0].mean()), delta=0.01)
        self.assertGreater(float(np.abs(y[:160, 0] - known.target[:160, 0]).mean()), 0.2)

    def test_3_mirror_images_teach_too(self):
        known, said = self.linear()
        # On the films themselves there is nothing to see of what the teacher says; on their mirror images there is.
        chance = np.random.default_rng(9)
        noise = lambda part: chance.normal(size=part.shape).astype(np.float32)
        blind = tuple(np.concatenate([noise(part[:160]), part[160:]]) for part in known.pooled)
        taught, untaught = (self.foretold(replace(known, pooled=blind, mirrored=both)) for both in (known.pooled, tuple(map(noise, blind))))
        self.assertGreater(np.corrcoef(taught, said[160:])[0, 1], 0.9)
        self.assertLess(np.corrcoef(untaught, said[160:])[0, 1], 0.6)

    def test_4_features_are_standardised_on_the_films_that_teach(self):
        known, _ = self.linear()
        fitter = Fitter(known, np.arange(160), Settings(), np.arange(160, 240))
        part = fitter.parts["0", False]
        np.testing.assert_allclose(part.mean, known.pooled[0][:160, : len(part.mean)].mean(0), atol=1e-4)
        np.testing.assert_allclose(part.teaching.mean(0), 0, atol=1e-3)

    def test_5_the_usual_film_has_an_even_map(self):
        known, _ = self.linear()
        head = Head(2).eval()
        chance = torch.Generator().manual_seed(1)
        head.set_weights(torch.randn(2, CHANNELS, generator=chance), torch.randn(2, 9, CHANNELS, generator=chance), torch.zeros(2))
        rows = np.arange(60)
        before = predict(head, known.features, rows)[0]
        centre_maps(head, known.features, rows)
        logits, maps = predict(head, known.features, rows)
        usual = maps.mean(0)
        np.testing.assert_allclose(usual, np.broadcast_to(usual.mean((1, 2), keepdims=True), usual.shape), atol=0.01)
        np.testing.assert_allclose(logits, before, atol=1e-2)

    def test_6_a_mark_tells_its_parts_apart(self):
        self.assertEqual(mark(1, "a", b"b"), mark(1, "a", b"b"))
        self.assertEqual(len({mark(1), mark(2), mark("1"), mark(b"1", 2), mark(b"12")}), 5)


if __name__ == "__main__":
    unittest.main()
