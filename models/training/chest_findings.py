"""Makes the pack `chest-findings`: trains, measures, exports and writes it. Resumes where it was stopped.

python3 models/training/chest_findings.py --data ../shared/data
"""
from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from card import card
from commandline import pack_parser, read_arguments
from crossval import agreed, cross_validate, final_head, gather, outcome_path
from data import ADULT, IDS, read_films, truth
from export import OPSET, differences, export
from lung_box_train import BoxSettings, lung_box
from measure import measure, measure_test
from network import INPUT, Features, Whole
from packing import measured_places, open_graph, read_film, write_golden, write_pack
from phantom import films as phantoms
from train import Settings
from transform import model_input

VERSION = "0.4.0"
#: Films of `val` on which the file is compared with the network that it was made of.
EXPORT_FILMS = 60
HERE = Path(__file__).parent
LICENCE = (
    "Trained on NIH ChestX-ray14 (open use with attribution: NIH Clinical Center), and to find the lungs also on those films of "
    "covid-chestxray-dataset that are CC BY or CC BY-SA (attribution: Cohen et al. and the films' authors), from ImageNet weights "
    "of EfficientNet-Lite0 and Lite2 (Apache-2.0)"
)


def log(line: str) -> None:
    print(time.strftime("%H:%M:%S"), line, flush=True)


def describe(results: dict) -> dict:
    """`pack.json` without its goldens and files."""
    keys = ("id", "name", "listed", "calibration", "threshold", "prevalence", "positives", "auc")
    more = ("sensitivity", "specificity", "calibrationError")
    return {
        "schema": 1,
        "id": "chest-findings",
        "version": VERSION,
        "name": "Chest findings",
        "summary": "Candidate findings on frontal chest films of adults, with maps of where the network looked. "
        "For research and evaluation. Not for clinical use.",
        "use": "evaluation",
        "licence": LICENCE,
        "task": "findings",
        "accepts": {
            "modalities": ["DX", "CR"],
            "bodyParts": ["CHEST", "THORAX", ""],
            "views": ["PA", "AP", ""],
            "minAgeYears": ADULT,
        },
        "input": INPUT,
        "graph": {"weights": "weights/chest-findings.onnx", "opset": OPSET, "logits": "logits", "cam": "cam"},
        "places": measured_places("chest-findings"),
        "labels": [{key: label[key] for key in keys + more} for label in results["labels"]],
        "files": [],
        "golden": [],
    }


def main() -> None:
    arguments = read_arguments(pack_parser(__doc__, "chest-findings", "", '{"teacher": 0.8}', threads=2))
    asked = arguments.settings
    settings = Settings(**{**asked, "lungs": BoxSettings(**asked.get("lungs", {}))})
    data, work, out = arguments.data, arguments.work, arguments.out

    films = read_films(data)
    work.mkdir(parents=True, exist_ok=True)
    lungs, found = lung_box(films, data, work, settings.lungs, log)
    log(f"lung boxes {found}")
    lessons = gather(films, lungs, data, work)
    kept = outcome_path(films, lessons, work, settings)
    outcome = cross_validate(films, lessons, kept, settings, log)
    head = final_head(films, lessons, settings, outcome.final)
    results = measure(films, outcome, data)
    log(f"mean AUC {results['mean']}")

    weights = out / "weights/chest-findings.onnx"
    network = Whole(lungs, Features(), head)
    results["export"] = {**export(network, weights), "opset": OPSET, "bytes": weights.stat().st_size}
    looked = [model_input(read_film(data / film.file), INPUT) for film in films if film.split == "val"][:EXPORT_FILMS]
    results["export"]["films"] = differences(network, weights, looked)
    results["folds"] = kept.name
    results["settings"] = asdict(settings)
    results["lungs"] = found
    results["final"] = asdict(outcome.final)
    results["choices"] = [{**asdict(choice), "folds": folds} for choice, folds in agreed(outcome.choices)]
    results["version"] = VERSION
    if arguments.test:
        rows = np.array([k for k, film in enumerate(films) if film.split == "test"])
        some = [films[k] for k in rows]
        run = open_graph(weights)
        films_in = (model_input(read_film(data / film.file), INPUT) for film in some)
        logits = np.concatenate([run.run(["logits"], {"image": tensor})[0] for tensor in films_in])
        y = np.stack([truth(film) for film in some])
        results["test"] = measure_test(some, y, logits, results["labels"], data)

    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results/chest-findings.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    (out / "CARD.md").write_text(card(results))
    pack = describe(results)
    pack["golden"] = write_golden(out, phantoms(), pack, {"cpu": 0.02, "other": 0.1})
    write_pack(out, pack)
    log(f"wrote {out.name}: listed {[label['id'] for label in results['labels'] if label['listed']]} of {len(IDS)}")


if __name__ == "__main__":
    main()
