"""Makes a pack out of an ONNX model of your own: weights, description and a few films in, a folder out.

    python3 own_model.py --onnx model.onnx --description description.json --films a.png b.png --out packs/my-pack

`description.json` is pack.json without `files` and `golden` (docs/your-own-pack.md goes through it). The films become the
goldens of the self-test: 8-bit grey pictures, upright, patient's right on image left, of nobody (phantoms, or released for
it). What the model says of them is computed here with onnxruntime and `models/training/transform.py`, so that the program,
which computes it another way, is compared with something. With --figures (evaluation.json of `raddraft evaluate`) the
figures of the labels are taken from there.
"""
from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import onnx
from listing import UNKNOWN, measured_figures
from packing import read_film, run_graph, write_pack
from transform import model_input

CARD = """# {name} {version}

**For research and evaluation. Not for clinical use.**

{summary}

Write here, weakest first: what it is for and must not be used for, what films taught it and on what terms, what was
measured on which films with which intervals, and how it is known to fail.
"""


def figures_into(label: dict, measured: dict | None) -> None:
    """Of a label that was not measured nothing is known, and no reader sees it."""
    label.setdefault("calibration", {"slope": 1, "intercept": 0})
    if measured is None or measured["auc"] is None:
        label.update(listed=False, prevalence=0, positives=0, auc=UNKNOWN, sensitivity=UNKNOWN, specificity=UNKNOWN, calibrationError=1)
        return
    label.update(measured_figures(measured))


def make(arguments: argparse.Namespace) -> None:
    out: Path = arguments.out
    pack = json.loads(arguments.description.read_text())
    if pack["task"] != "findings" or pack["input"].get("fit") or pack["input"].get("filter"):
        raise SystemExit("expected a findings pack with the usual transform; for another one see torchxrayvision.py, which writes its own goldens")
    model = onnx.load(str(arguments.onnx))
    pack["graph"]["opset"] = next(one.version for one in model.opset_import if one.domain in ("", "ai.onnx"))
    weights = out / pack["graph"]["weights"]
    weights.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(arguments.onnx, weights)
    measured = json.loads(arguments.figures.read_text())["findings"] if arguments.figures else []
    for label in pack["labels"]:
        figures_into(label, next((one for one in measured if one["id"] == label["id"]), None))

    (out / "golden").mkdir(exist_ok=True)
    pack["golden"] = []
    for n, film in enumerate(arguments.films, 1):
        path = f"golden/film-{n}.png"
        shutil.copyfile(film, out / path)
        logits = run_graph(weights, model_input(read_film(out / path), pack["input"]), [pack["graph"]["logits"]])[0][0]
        if len(logits) != len(pack["labels"]):
            raise SystemExit(f"expected a label for each of the model's {len(logits)} logits, found {len(pack['labels'])}")
        row = {"input": path, "logits": [round(float(v), 5) for v in logits], "tolerance": {"cpu": 0.01, "other": 0.05}}
        pack["golden"].append(row)
    if not (out / "CARD.md").exists():
        (out / "CARD.md").write_text(CARD.format(**pack))
    write_pack(out, pack)
    print(f"{out}: {len(pack['labels'])} labels, {sum(one['listed'] for one in pack['labels'])} of them listed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--onnx", type=Path, required=True)
    parser.add_argument("--description", type=Path, required=True)
    parser.add_argument("--films", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--figures", type=Path)
    make(parser.parse_args())


if __name__ == "__main__":
    main()
