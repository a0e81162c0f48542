"""Makes the pack `chest-anatomy`: trains five folds and the final network, measures, exports and writes it.

python3 models/training/chest_anatomy.py --data ../shared/data
"""
from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from anatomy_card import anatomy_card
from anatomy_data import FOLDS, Film, gather_anatomy
from anatomy_export import export_anatomy
from anatomy_network import INPUT, MASKS, Anatomy
from anatomy_outcome import measure_anatomy, measure_anatomy_test
from anatomy_own import learn_own, own_counts
from anatomy_train import AnatomySettings, gather_grids, masked_tensors, train_masked
from commandline import pack_parser, read_arguments
from export import OPSET
from packing import measured_places, read_film, run_graph, write_pack, write_samples
from phantom import films as phantoms
from transform import model_input

VERSION = "0.2.0"
HERE = Path(__file__).parent
NAMES = {"right-lung": "Right lung", "left-lung": "Left lung", "cardiomediastinum": "Cardiomediastinum", "lung-opacity": "Lung opacity"}
LICENCE = (
    "Trained on masked films of covid-chestxray-dataset, part of them CC BY-NC-SA or without a stated licence, and without masks on "
    "more of these, on NIH ChestX-ray14 (attribution: NIH Clinical Center) and on Hannover's COVID-19 films (CC BY 3.0, "
    "attribution: Hannover Medical School), from ImageNet weights of EfficientNet-Lite0 (Apache-2.0): research use only"
)


def log(line: str) -> None:
    print(time.strftime("%H:%M:%S"), line, flush=True)


def describe(results: dict) -> dict:
    """`pack.json` without its goldens and files."""
    return {
        "schema": 1,
        "id": "chest-anatomy",
        "version": VERSION,
        "name": "Chest anatomy",
        "summary": "Outlines of both lungs and the cardiomediastinum on frontal chest films, and the cardiothoracic ratio "
        "taken from them. For research only, for its films' terms. Not for clinical use.",
        "use": "research",
        "licence": LICENCE,
        "task": "anatomy",
        "accepts": {
            "modalities": ["DX", "CR"],
            "bodyParts": ["CHEST", "THORAX", ""],
            "views": ["PA", "AP", ""],
            "minAgeYears": 18,
        },
        "input": INPUT,
        "graph": {"weights": "weights/chest-anatomy.onnx", "opset": OPSET, "masks": "masks"},
        "masks": [
            {"id": name, "name": NAMES[name], "dice": results["dice"][name]["mean"], "films": results["dice"][name]["films"]}
            for name in MASKS
        ],
        "places": measured_places("chest-anatomy"),
        "ratio": {key: results["ratio"][key] for key in ("meanError", "p95Error", "bias", "films")},
        "files": [],
        "golden": [],
    }


def write_anatomy_golden(folder: Path, films: list[np.ndarray], pack: dict, tolerance: dict) -> list[dict]:
    """Write the films as PNG and sampled model inputs beside them; answer `golden` with sampled cells of the masks."""
    from PIL import Image

    (folder / "golden").mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(20)
    rows = []
    for n, film in enumerate(films, 1):
        path = f"golden/film-{n}.png"
        Image.fromarray(film).save(folder / path, optimize=True)
        tensor = model_input(read_film(folder / path), pack["input"])
        masks = run_graph(folder / pack["graph"]["weights"], tensor, [pack["graph"]["masks"]])[0]
        write_samples(folder, n, tensor, chance)
        cells = [[m, *place_of(masks[0, m], chance)] for m in range(masks.shape[1]) for _ in range(8)]
        samples = [[m, y, x, round(float(masks[0, m, y, x]), 5)] for m, y, x in cells]
        rows.append({"input": path, "samples": samples, "tolerance": tolerance})
    return rows


def place_of(mask: np.ndarray, chance: np.random.Generator) -> tuple[int, int]:
    """Row and column: every other time where the probability is least certain."""
    order = np.argsort(np.abs(mask - 0.5), axis=None)
    at = int(order[chance.integers(100)]) if chance.random() < 0.5 else int(chance.integers(mask.size))
    return at // mask.shape[1], at % mask.shape[1]


def main() -> None:
    parser = pack_parser(__doc__, "chest-anatomy", "", '{"large": 2400}', threads=2)
    parser.add_argument("--jobs", type=int, default=2, help="folds that train at the same time")
    parser.add_argument("--only", type=int, default=None, help="train this fold (-1: the final network) and stop")
    arguments = read_arguments(parser)
    settings = AnatomySettings(**arguments.settings)
    data, work, out = arguments.data, arguments.work, arguments.out
    work.mkdir(parents=True, exist_ok=True)

    films = gather_anatomy(data, work)
    masked = masked_tensors(films, data, work)
    grids = gather_grids(films, data, work)
    train = lambda fold: train_network(films, masked, grids, data, work, fold, settings)
    if arguments.only is not None:
        train(arguments.only)
        return
    train_beside(arguments, settings, work)
    networks = {fold: train(fold) for fold in [*range(FOLDS), -1]}

    weights = out / "weights/chest-anatomy.onnx"
    exported = {**export_anatomy(networks[-1], weights), "opset": OPSET, "bytes": weights.stat().st_size}
    paths = {}
    for fold in range(FOLDS):
        paths[fold] = work / f"anatomy-{settings.name()}-fold{fold}.onnx"
        if not paths[fold].exists():
            export_anatomy(networks[fold], paths[fold])
    log("measuring")
    results = measure_anatomy(films, grids, paths, data, work, settings.name(), log)
    results["export"] = exported
    results["settings"] = asdict(settings)
    results["own"] = own_counts(films)
    results["version"] = VERSION
    if arguments.test:
        results["test"] = measure_anatomy_test(films, grids, weights, data, log)
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results/chest-anatomy.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    (out / "CARD.md").write_text(anatomy_card(results))
    pack = describe(results)
    pack["golden"] = write_anatomy_golden(out, phantoms(), pack, {"cpu": 0.01, "other": 0.05})
    write_pack(out, pack)
    log(f"wrote {out.name}: Dice {[results['dice'][name]['mean']['value'] for name in MASKS]}, ratio off by {results['ratio']['meanError']}")


def train_network(films: list[Film], masked, grids: np.ndarray, data: Path, work: Path, fold: int, settings: AnatomySettings) -> Anatomy:
    """The network that never saw `fold` (−1: the one that ships): taught by masked films, then also by its own labels."""
    final = work / f"anatomy-{settings.name()}-fold{fold}.pt"
    if final.exists():
        network = Anatomy()
        network.load_state_dict(torch.load(final))
        return network.eval()
    network = train_masked(films, masked, work, fold, replace(settings, own=0), log)
    if settings.own > 0:
        network = network.to(memory_format=torch.channels_last)
        save = work / f"anatomy-{settings.name()}-fold{fold}-part.pt"
        learn_own(network, films, masked, grids, data, fold, settings, save, log)
        torch.save(network.state_dict(), final)
    return network.eval()


def train_beside(arguments: argparse.Namespace, settings: AnatomySettings, work: Path) -> None:
    """Trains what is not trained yet, `jobs` networks at a time, each in a process of its own."""
    trained = lambda fold, s=settings: (work / f"anatomy-{s.name()}-fold{fold}.pt").exists()
    left = [f for f in [*range(FOLDS), -1] if not trained(f)]
    running: list[subprocess.Popen] = []
    while left or running:
        # The final network goes on from the first fold's.
        ready = [f for f in left if f != -1 or trained(0, replace(settings, own=0))]
        if ready and len(running) < arguments.jobs:
            left.remove(ready[0])
            command = [sys.executable, __file__, *sys.argv[1:], "--only", str(ready[0])]
            running.append(subprocess.Popen(command, start_new_session=True))
        for process in running:
            if process.poll() not in (None, 0):
                raise SystemExit(f"a fold failed with {process.returncode}")
        running = [process for process in running if process.poll() is None]
        time.sleep(1)


if __name__ == "__main__":
    main()
