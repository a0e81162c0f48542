"""Makes a pack out of a public TorchXRayVision DenseNet, on a machine that can fetch its weights.

    python3 torchxrayvision.py --weights densenet121-res224-all --out FOLDER     # fetches the weights (30 MB)
    raddraft evaluate YOUR-FILMS --pack FOLDER/.. --out RUN                      # measures it on your films
    python3 torchxrayvision.py --weights densenet121-res224-all --out FOLDER --figures RUN

Nothing is listed, that is shown to a reader, before it was measured: the last command lists what reached the bar, and
calibrates it on those films (Platt; by folds of patients for the error that is stated), so that its numbers are chances
there. The operating point stays where the authors put it. Heads that were not trained (the library answers a flat 0.5 for them) are left out of the graph. `--random SEED` takes the same
architecture with random weights, `--tiny` a small sibling of it: for tests.
"""
from __future__ import annotations

import argparse
import csv
import json
import math
import re
import sys
from pathlib import Path

# This file has the library's name: its folder must not come first where modules are looked for.
HERE = Path(__file__).resolve().parent
sys.path = [place for place in sys.path if Path(place or ".").resolve() != HERE] + [str(HERE.parent)]

import numpy as np
import onnx
import skimage
import torch
import torch.nn.functional as F
import torchxrayvision as xrv
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from figures import FEWEST, calibration_error, platt, sigmoid
from listing import LEAST_AUC, UNKNOWN, measured_figures
from packing import run_graph, write_pack
from phantom import phantom

OPSET = 13
#: width, height, seed: square, wide with an odd rest, tall, smaller than the input, one pixel more than it
SHAPES = [(256, 256, 11), (301, 240, 12), (231, 271, 13), (180, 160, 14), (225, 420, 15)]
SMALL = {"growth_rate": 6, "block_config": (2, 2, 2, 2), "num_init_features": 8}


def load(weights: str, random: int | None, tiny: bool) -> torch.nn.Module:
    """The library's network with its own labels and operating points."""
    if random is None:
        return xrv.models.DenseNet(weights=weights).eval()
    torch.manual_seed(random)
    model = xrv.models.DenseNet(**(SMALL if tiny else {}))
    model.pathologies = xrv.models.model_urls[weights]["labels"]
    model.op_threshs = torch.tensor(xrv.models.model_urls[weights]["op_threshs"])
    model.input_resolution = 224
    # Norms take their means and deviations from phantoms, so that the numbers stay within reason.
    for part in model.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.momentum = None
    model.train()
    with torch.no_grad():
        model.features(torch.from_numpy(np.stack([prepared(phantom(300, 300, seed)) for seed in range(8)])))
        # Each feature is about one half on average: this spreads probabilities about the operating points.
        points = torch.nan_to_num(model.op_threshs, nan=0.1)
        model.classifier.weight.normal_(0, 6 / math.sqrt(model.classifier.in_features))
        model.classifier.bias.copy_(torch.logit(points) - 0.4 * model.classifier.weight.sum(1))
    return model.eval()


def prepared(film: np.ndarray) -> np.ndarray:
    """An 8-bit film by the library's own steps: [1, 224, 224] within ±1024."""
    image = xrv.utils.normalize(film, 255)[None]
    return xrv.datasets.XRayResizer(224)(xrv.datasets.XRayCenterCrop()(image))


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


class Graph(torch.nn.Module):
    """image [1,1,224,224] → logits [1,k], cam [1,k,7,7], of the trained heads alone."""

    def __init__(self, model: torch.nn.Module, kept: list[int]):
        super().__init__()
        self.features = model.features
        self.weight = torch.nn.Parameter(model.classifier.weight[kept].detach().clone())
        self.bias = torch.nn.Parameter(model.classifier.bias[kept].detach().clone())

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = F.relu(self.features(image))
        cam = F.conv2d(features, self.weight[:, :, None, None])
        return F.linear(F.adaptive_avg_pool2d(features, (1, 1)).flatten(1), self.weight, self.bias), cam


def kept_heads(model: torch.nn.Module) -> list[int]:
    """Heads with a name and an operating point."""
    points = model.op_threshs.tolist()
    return [k for k, name in enumerate(model.pathologies) if name != "" and not math.isnan(points[k])]


def by_library(model: torch.nn.Module, kept: list[int], film: np.ndarray) -> dict:
    """What the library's own Python says of a film; `cam` is its features weighed by the head, as class activation maps are."""
    image = torch.from_numpy(prepared(film))[None]
    with torch.no_grad():
        features = F.relu(model.features(image))
        logits = model.classifier(model.features2(image))
        final = model(image)  # with its operating points: sigmoid and op_norm
        cam = torch.einsum("kc,bchw->bkhw", model.classifier.weight, features)
    chance = np.random.default_rng(5)
    places = [(int(y), int(x)) for y, x in chance.integers(224, size=(60, 2))] + [(0, 0), (0, 223), (223, 0), (223, 223)]
    return {
        "tensor": [[y, x, round(float(image[0, 0, y, x]), 4)] for y, x in places],
        "logits": [round(float(logits[0, k]), 6) for k in kept],
        "probabilities": [round(float(final[0, k]), 7) for k in kept],
        "cam": [[round(float(v), 5) for v in cam[0, k].flatten()] for k in kept],
        "untrained": [float(v) for k, v in enumerate(final[0]) if k not in kept],
    }


def export(graph: Graph, path: Path) -> None:
    """As ONNX; weights of 64 values or more are stored as float16 and cast back when the graph is loaded."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        graph, torch.zeros(1, 1, 224, 224), str(path), opset_version=OPSET,
        input_names=["image"], output_names=["logits", "cam"], do_constant_folding=False,
    )  # fmt: skip
    model = onnx.load(str(path))
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or int(np.prod(tensor.dims)) < 64:
            continue
        name = tensor.name
        values = numpy_helper.to_array(tensor)
        half = values.astype(np.float16)
        if not np.array_equal(half.astype(np.float32), values):
            continue  # a folded weight is no longer what was rounded: it stays float32
        tensor.CopyFrom(numpy_helper.from_array(half, name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)
    model.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def round_weights(model: torch.nn.Module) -> None:
    """Convolutions and heads to what float16 can hold, in place: the library and the pack then have the same weights."""
    with torch.no_grad():
        for part in model.modules():
            if isinstance(part, (torch.nn.Conv2d, torch.nn.Linear)):
                if not torch.isfinite(part.weight.half()).all():
                    raise ValueError("expected weights that fit float16")
                part.weight.copy_(part.weight.half().float())


def id_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def calibrated(rows: list[dict], label: dict, point: float) -> None:
    """Puts the chance of having the finding in place of the bent number, in place; `rows` are of films.csv."""
    column = label["id"]
    known = [row for row in rows if row["accepted"] == "1" and row[f"{column}.truth"] != ""]
    y = np.array([float(row[f"{column}.truth"]) for row in known])
    bent = np.array([float(row[f"{column}.probability"]) for row in known])
    plain = np.where(bent < 0.5, bent * 2 * point, 1 - (1 - bent) * 2 * (1 - point))
    logit = np.log(np.clip(plain, 1e-9, 1)) - np.log(np.clip(1 - plain, 1e-9, 1))
    patients = sorted({row["patient"] for row in known})
    fold = np.array([patients.index(row["patient"]) % 5 for row in known])
    nested = np.zeros(len(y))
    at = math.log(point) - math.log(1 - point)
    logit -= at  # near zero, where Newton's method begins
    for f in range(5):
        slope, intercept = platt(logit[fold != f], y[fold != f])
        nested[fold == f] = sigmoid(slope * logit[fold == f] + intercept)
    slope, called = platt(logit, y)
    intercept = called - slope * at
    label["calibration"] = {"slope": slope, "intercept": intercept}
    label["threshold"] = float(sigmoid(np.array(called)))
    label["calibrationError"] = calibration_error(nested, y)


def label_of(name: str, point: float, figures: dict | None, list_all: bool) -> dict:
    """A label with what `raddraft evaluate` measured of it; without that nothing is known, and it is not listed."""
    label = {
        "id": id_of(name),
        "name": name.replace("_", " ").capitalize(),
        "listed": list_all,
        # Until it is calibrated: the operating point becomes one half, a number to call by and not a chance.
        "calibration": {"slope": 1.0, "intercept": 0.0, "pivot": point},
        "threshold": 0.5,
        "prevalence": 0.0,
        "positives": 0,
        "auc": UNKNOWN,
        "sensitivity": UNKNOWN,
        "specificity": UNKNOWN,
        "calibrationError": 1.0,
    }
    if figures is None or figures["films"] == 0 or figures["auc"] is None:
        return label
    label.update(measured_figures(figures))
    return label


def card(pack: dict, about: str, measured: dict | None) -> str:
    labels = sorted(pack["labels"], key=lambda one: one["auc"]["value"])
    listed = ", ".join(one["name"].lower() for one in labels if one["listed"]) or "none"
    lines = [
        f"# {pack['name']} {pack['version']}",
        "",
        "**For research only: the sets that taught it have terms of their own. Not for clinical use.**",
        "",
        about,
        "",
        "## What must be known first",
        "",
    ]
    if measured:
        where = measured["about"]
        lines += [
            f"- Measured on {where['folder']}{', split ' + where['split'] if where['split'] else ''} on {where['date'][:10]}, "
            f"{measured['counts']['accepted']} films of {measured['counts']['patients']} patients; nowhere else.",
        ]
    else:
        lines += ["- **Not measured here.** Nothing is known of its figures on your films, so nothing is shown to a reader."]
    bent = [one for one in labels if "pivot" in one["calibration"]]
    lines += [f"- Listed, that is shown to a reader: {listed}."]
    if len(bent) < len(labels):
        lines += [
            "- Numbers of calibrated findings are chances on those films, at the prevalence below: too high where disease is rarer. "
            "Their error was measured by folds of patients; figures on films that calibrated nothing are still to be had."
        ]
    if bent:
        lines += [
            "- Numbers of the others are bent so that the authors' operating point becomes one half. They are **not** the chance of "
            "having the finding, whatever they look like."
        ]
    lines += [
        "- Films are cut to the middle square: what lies outside is not seen.",
        "- Its map shows where the network looked; it is no outline, gives no side and no size.",
        "",
        "## Intended use",
        "",
        "Evaluation on frontal (PA or AP) chest radiographs of adults (18 and over), by people who read such films themselves and do "
        "not rely on the output. Not for diagnosis, triage, ruling anything out, children, lateral films or other body parts.",
        "",
        "## Figures, weakest first",
        "",
        "| finding | listed | positives | prevalence | AUC | sensitivity | specificity | ECE | called from |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    show = lambda one: f"{one['value']:.3f} ({one['low']:.3f}–{one['high']:.3f})"
    for one in labels:
        known = one["positives"] > 0
        figures = [show(one[k]) if known else "not measured" for k in ("auc", "sensitivity", "specificity")]
        error = f"{one['calibrationError']:.3f}" if known else "not measured"
        point = f"{one['threshold']:.3f} ({'bent' if 'pivot' in one['calibration'] else 'calibrated'})"
        head = [one["name"], "yes" if one["listed"] else "no", str(one["positives"]), f"{one['prevalence']:.3f}" if known else "–"]
        lines.append(f"| {' | '.join(head + figures)} | {error} | {point} |")
    lines += [
        "",
        f"Listed: lower end of the AUC's interval above {LEAST_AUC}, precision at least three times the prevalence or one half, {FEWEST} positive films.",
        "",
        "## Source and terms",
        "",
        "TorchXRayVision (Cohen et al., MIDL 2022; Apache-2.0). The data sets that taught the weights have terms of their own, among "
        "them ones for research only: read them before use.",
        "",
    ]
    return "\n".join(lines)


def make(arguments: argparse.Namespace) -> dict:
    folder: Path = arguments.out
    model = load(arguments.weights, arguments.random, arguments.tiny)
    kept = kept_heads(model)
    exact = by_library(model, kept, phantom(*SHAPES[0]))["logits"]
    round_weights(model)
    weights = "weights/densenet.onnx"
    export(Graph(model, kept).eval(), folder / weights)

    invented = arguments.random is not None
    measured = json.loads((arguments.figures / "evaluation.json").read_text()) if arguments.figures else None
    films = list(csv.DictReader(open(arguments.figures / "films.csv", newline=""))) if arguments.figures else []
    figures = {one["id"]: one for one in measured["findings"]} if measured else {}
    points = model.op_threshs.tolist()
    name = f"TorchXRayVision {arguments.weights}"
    pack = {
        "schema": 1,
        "id": arguments.id or ("xrv-random" if invented else f"xrv-{id_of(arguments.weights)}"),
        "version": arguments.version,
        "name": "TorchXRayVision at random weights" if invented else name,
        "summary": f"{'Random weights: a test. It finds nothing.' if invented else 'Findings on frontal chest films by a public network.'} Not for clinical use.",
        "use": "test" if invented else "research",
        "licence": "Library Apache-2.0; the sets that taught the weights have terms of their own",
        "task": "findings",
        "accepts": {"modalities": ["DX", "CR"], "bodyParts": ["CHEST", "THORAX", ""], "views": ["PA", "AP", ""], "minAgeYears": 18},
        "input": {
            "name": "image", "channels": 1, "rows": 224, "columns": 224, "clip": None,
            # (v − 0.5) · 2048: from −1024 to 1024
            "mean": [0.5], "std": [1 / 2048], "fit": "crop", "filter": "gaussian",
        },
        "graph": {"weights": weights, "opset": OPSET, "logits": "logits", "cam": "cam"},
        "labels": [
            label_of(model.pathologies[k], points[k], figures.get(id_of(model.pathologies[k])), invented) for k in kept
        ],
        "files": [],
        "golden": [],
    }  # fmt: skip
    for k, label in zip(kept, pack["labels"]):
        if label["listed"] and label["positives"] >= FEWEST:
            if figures[label["id"]]["threshold"] != 0.5:
                raise SystemExit("expected --figures of a run with the pack as it is made without them, found one that was calibrated")
            sources = figures[label["id"]]["sources"]
            calibrated([row for row in films if row["source"] in sources], label, points[k])
    (folder / "golden").mkdir(parents=True, exist_ok=True)
    said = []
    for n, shape in enumerate(SHAPES, 1):
        path = f"golden/film-{n}.png"
        Image.fromarray(phantom(*shape)).save(folder / path, optimize=True)
        one = by_library(model, kept, read(folder / path))
        said.append({"file": path, **one})
        ours = run_graph(folder / weights, prepared(read(folder / path))[None], ["logits"])[0][0]
        if np.abs(ours - one["logits"]).max() > 1e-4:
            raise ValueError(f"expected the graph to agree with the library, found {np.abs(ours - one['logits']).max()} on {path}")
        pack["golden"].append({"input": path, "logits": one["logits"], "tolerance": {"cpu": 0.001, "other": 0.05}})
    by = f"torchxrayvision {xrv.__version__}, scikit-image {skimage.__version__}, torch {torch.__version__}"
    if invented:
        (folder / "golden/library.json").write_text(json.dumps({"by": by, "films": said}) + "\n")
    about = f"{name}: a DenseNet-121 of the library torchxrayvision, {len(kept)} of its {len(model.pathologies)} heads were trained and are kept."
    (folder / "CARD.md").write_text(card(pack, "Random weights: a test of the way, not a model." if invented else about, measured))
    write_pack(folder, pack)
    difference = float(np.abs(np.array(exact) - np.array(said[0]["logits"])).max())
    return {"folder": str(folder), "heads": len(kept), "bytes": (folder / weights).stat().st_size, "float16": difference}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", default="densenet121-res224-all", choices=[k for k in xrv.models.model_urls if k.startswith("densenet")])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--figures", type=Path, help="folder of `raddraft evaluate` on your films")
    parser.add_argument("--id", help="of the pack; else made of the weights' name")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--random", type=int, metavar="SEED", help="random weights, for tests")
    parser.add_argument("--tiny", action="store_true", help="with --random: a small sibling of the network")
    parser.add_argument("--say", type=Path, nargs="+", metavar="FILM", help="with --random: also write what the library says of these pictures to OUT/said.json")
    arguments = parser.parse_args()
    if arguments.out.exists() and not arguments.figures and any(arguments.out.iterdir()):
        parser.error(f"expected an empty folder or none, found files in {arguments.out}")
    print(json.dumps(make(arguments)))
    if arguments.say:
        if arguments.random is None:
            parser.error("expected --say together with --random")
        model = load(arguments.weights, arguments.random, arguments.tiny)
        kept = kept_heads(model)
        round_weights(model)
        films = [{"file": str(path.resolve()), **by_library(model, kept, read(path))} for path in arguments.say]
        (arguments.out.parent / "said.json").write_text(json.dumps({"by": "torchxrayvision", "films": films}))


if __name__ == "__main__":
    main()
