"""Maps of the findings folds and masks of the anatomy folds on films with boxes, each by the networks that never saw the film.

python3 models/training/places_dump.py --data ../shared/data --findings CACHE --anatomy CACHE --out FOLDER
node models/training/measure_places.ts FOLDER
"""
from __future__ import annotations

import argparse
import json
import pickle
from pathlib import Path

import numpy as np

from anatomy_data import gather_anatomy, read_truth
from anatomy_network import MASKS
from anatomy_outcome import predict_rows
from anatomy_train import AnatomySettings, gather_grids
from data import IDS, assign_folds, read_boxes, read_films, truth

HERE = Path(__file__).parent

#: Word of `boxes.csv` → the findings whose place it tells. A mined word is not enough: a person drew these boxes.
BOXED = {
    "Lung Opacity (RSNA)": ["lung-opacity", "pneumonia", "infiltration", "consolidation"],
    "Pneumonia": ["pneumonia"],
    "Infiltrate": ["infiltration"],
    "Effusion": ["effusion"],
    "Atelectasis": ["atelectasis"],
    "Mass": ["mass"],
    "Nodule": ["nodule"],
}


#: Films that a radiologist read as normal, of each fold: an opacity there is a false one.
NORMAL = 15


def extents(films: list, grids: np.ndarray, weights: dict[int, Path], data: Path) -> dict:
    """Share of the lungs that the opacity mask covers: beside the annotators' on masked films, and on normal films."""
    ours, theirs, normal = [], [], []
    for f, path in weights.items():
        masked = [k for k, film in enumerate(films) if film.fold == f and film.masked]
        well = [k for k, film in enumerate(films) if film.fold == f and film.reading == "Normal"][:NORMAL]
        for k, p in zip(masked + well, predict_rows(path, grids, np.array(masked + well))):
            lungs = (p[0] >= 0.5) | (p[1] >= 0.5)
            share = float((lungs & (p[3] >= 0.5)).sum() / max(1, lungs.sum()))
            if k in well:
                normal.append(share)
                continue
            truth = read_truth(films[k], data) > 0
            ours.append(share)
            theirs.append(float((truth[3] & (truth[0] | truth[1])).sum() / (truth[0] | truth[1]).sum()))
    error = np.abs(np.array(ours) - np.array(theirs))
    return {
        "films": len(ours),
        "meanError": round(float(error.mean()), 4),
        "p95Error": round(float(np.quantile(error, 0.95)), 4),
        "correlation": round(float(np.corrcoef(ours, theirs)[0, 1]), 3),
        "normalFilms": len(normal),
        "medianOnNormal": round(float(np.median(normal)), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--findings", type=Path, required=True, help="--work of chest_findings.py")
    parser.add_argument("--anatomy", type=Path, required=True, help="--work of chest_anatomy.py")
    parser.add_argument("--settings", type=json.loads, default={}, help="of the anatomy networks, as JSON")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    data, out = arguments.data, arguments.out
    out.mkdir(parents=True, exist_ok=True)

    films = read_films(data)
    fold = assign_folds(films)
    boxes = read_boxes(data)
    anatomy = gather_anatomy(data, arguments.anatomy)
    row = {film.file: k for k, film in enumerate(anatomy)}
    grids = gather_grids(anatomy, data, arguments.anatomy)
    chosen = [
        n
        for n, film in enumerate(films)
        if fold[n] >= 0 and any(box[0] in BOXED for box in boxes.get(film.file, [])) and anatomy[row[film.file]].fold >= 0
    ]
    measured = json.loads((HERE / "results/chest-findings.json").read_text())
    outcome = pickle.loads((arguments.findings / measured["folds"]).read_bytes())
    logits, maps = outcome.logits, outcome.maps
    masks = np.zeros((len(chosen), len(MASKS), 96, 96), np.float32)
    name = AnatomySettings(**arguments.settings).name()
    weights = {f: arguments.anatomy / f"anatomy-{name}-fold{f}.onnx" for f in range(5)}
    for f in range(5):
        mine = [k for k, n in enumerate(chosen) if anatomy[row[films[n].file]].fold == f]
        for k, p in zip(mine, predict_rows(weights[f], grids, np.array([row[films[chosen[k]].file] for k in mine]))):
            masks[k] = p
    masks.tofile(out / "masks.f32")
    maps[chosen].tofile(out / "maps.f32")
    rows = []
    for n in chosen:
        film = films[n]
        drawn = [{"word": w, "x": x, "y": y, "width": a, "height": b} for w, x, y, a, b in boxes[film.file] if w in BOXED]
        rows.append(
            {
                "file": film.file,
                "patient": film.patient,
                "age": film.age,
                "view": film.view,
                "width": film.width,
                "height": film.height,
                "truth": [None if np.isnan(v) else int(v) for v in truth(film)],
                "logits": [round(float(v), 5) for v in logits[n]],
                "boxes": drawn,
            }
        )
    text = {"findings": IDS, "masks": MASKS, "boxed": BOXED, "maps": list(maps.shape[2:]), "grid": [96, 96], "films": rows}
    text["extent"] = extents(anatomy, grids, weights, data)
    (out / "films.json").write_text(json.dumps(text) + "\n")
    print(f"{len(rows)} films with boxes")


if __name__ == "__main__":
    main()
