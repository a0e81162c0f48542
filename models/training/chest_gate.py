"""Makes the pack `chest-gate`: features, five folds, measures, exports and writes it. Goes on where it was stopped.

python3 models/training/chest_gate.py --data ../shared/data
"""
from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from commandline import pack_parser, read_arguments
from data import ADULT
from export import OPSET, save_graph
from gate_card import gate_card
from gate_features import examples_of, gate_features, key_of, kind_number
from gate_films import assign_gate_folds, groups_of, read_gate_films
from gate_kinds import ACCEPTED, KINDS
from gate_measure import measure_gate
from gate_network import INPUT, Gate, Pooled
from gate_train import Settings, cross_validate, final_head, fold_of_examples, logits_of, teaching
from mark import mark
from packing import write_golden, write_pack
from phantom import films as phantoms

VERSION = "0.2.0"
HERE = Path(__file__).parent


def log(line: str) -> None:
    print(time.strftime("%H:%M:%S"), line, flush=True)


def export_gate(network: Gate, path: Path) -> dict:
    """image [1,3,224,224] → logits [1,kinds]. Answers how far the file is from torch."""
    (expected,), (logits,) = save_graph(network.eval(), path, INPUT, ["logits"])
    return {"difference": float(np.abs(logits - expected).max()), "opset": OPSET, "bytes": path.stat().st_size}


def describe(results: dict, settings: Settings) -> dict:
    """`pack.json` without its goldens and files."""
    research = settings.laterals
    terms = "NIH ChestX-ray14 (open use with attribution: NIH Clinical Center), Hannover (CC BY 3.0), Kermany (CC BY 4.0), ROCO (CC BY, CC BY-SA, CC0), covid-chestxray (CC BY, CC BY-SA films"
    terms += "; its lateral films are CC BY-NC-SA or state no licence, hence for research only)" if research else ")"
    kinds = {row["id"]: row for row in results["kinds"]}
    return {
        "schema": 1,
        "id": "chest-gate",
        "version": VERSION,
        "name": "Chest gate",
        "summary": "Lets upright frontal chest films through and refuses other inputs by name. "
        "For research and evaluation. Not for clinical use.",
        "use": "research" if research else "evaluation",
        "licence": f"Trained on {terms}, from ImageNet weights of EfficientNet-Lite0 (Apache-2.0)",
        "task": "gate",
        "accepts": {
            "modalities": ["DX", "CR"],
            "bodyParts": ["CHEST", "THORAX", ""],
            "views": ["PA", "AP", ""],
            "minAgeYears": ADULT,
        },
        "input": INPUT,
        "graph": {"weights": "weights/chest-gate.onnx", "opset": OPSET, "logits": "logits"},
        "gate": {
            "kinds": [
                {
                    "id": kind,
                    "name": name,
                    "accepted": kind in ACCEPTED,
                    **{key: kinds[kind][key] for key in ("inputs", "refused", "named")},
                }
                for kind, name in KINDS
            ],
            "threshold": results["threshold"],
            "refusedOfValid": [
                {"source": row["name"], "films": row["films"], "refused": row["refused"]} for row in results["valid"]
            ],
        },
        "files": [],
        "golden": [],
    }


def main() -> None:
    arguments = read_arguments(pack_parser(__doc__, "chest-gate", "gate", '{"laterals": false}', threads=1))
    settings = Settings(**arguments.settings)
    data, work, out = arguments.data, arguments.work, arguments.out

    films = read_gate_films(data)
    groups = groups_of(films, data)
    folds = assign_gate_folds(films, groups)
    examples = examples_of(films)
    features = gate_features(films, examples, data, work)
    y, fold, may = kind_number(examples), fold_of_examples(films, folds, examples), teaching(films, examples, settings)
    done = work / "folds.npz"
    asked = mark(settings, [key_of(example, films) for example in examples], y.tobytes(), fold.tobytes(), may.tobytes())
    if done.exists() and str(np.load(done)["asked"]) == asked:
        logits = np.load(done)["logits"]
    else:
        logits = cross_validate(features, y, fold, may, settings, log)
        np.savez(done, logits=logits, asked=asked)
    results = measure_gate(films, examples, fold, logits)
    head = final_head(features, y, fold, may, settings, log)
    if arguments.test:
        tested = np.flatnonzero(fold == -1)
        whole = np.full_like(logits, np.nan)
        whole[tested] = logits_of(head, features, tested)
        results["test"] = measure_gate(films, examples, np.where(fold == -1, 0, -1), whole, results["threshold"])

    weights = out / "weights/chest-gate.onnx"
    results["export"] = export_gate(Gate(Pooled(), head), weights)
    results.update({"settings": asdict(settings), "version": VERSION, "leftOut": int((folds == -2).sum())})
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results/chest-gate.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    (out / "CARD.md").write_text(gate_card(results))
    pack = describe(results, settings)
    pack["golden"] = write_golden(out, phantoms(), pack, {"cpu": 0.02, "other": 0.1})
    write_pack(out, pack)
    log(f"wrote {out.name}: threshold {results['threshold']:.3f}, bad inputs refused {results['bad']['refused']}")


if __name__ == "__main__":
    main()
