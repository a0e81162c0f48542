"""What every pack needs written the same way: goldens, file list with hashes, `pack.json`."""
from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image

from transform import model_input


def read_film(path: Path) -> np.ndarray:
    """An 8-bit grey image as values in [0,1]."""
    with Image.open(path) as image:
        return np.asarray(image.convert("L"), np.float64) / 255.0


def open_graph(weights: Path, threads: int = 2):
    """The graph in ONNX Runtime on the processor."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


def run_graph(weights: Path, tensor: np.ndarray, names: list[str]) -> list[np.ndarray]:
    """The graph's named outputs from ONNX Runtime on the processor."""
    session = open_graph(weights)
    return session.run(names, {session.get_inputs()[0].name: tensor})


def sample_places(tensor: np.ndarray, chance: np.random.Generator) -> list[tuple[int, int, int]]:
    """48 places [c, y, x]: half anywhere, half among the steepest hundredth, where resampling errors show."""
    _, channels, height, width = tensor.shape
    slope = np.hypot(*np.gradient(tensor[0, 0]))
    steep = np.argsort(slope, axis=None)[-slope.size // 100 :]
    flat = np.concatenate([chance.integers(slope.size, size=24), chance.choice(steep, 24, replace=False)])
    return [(int(chance.integers(channels)), int(i) // width, int(i) % width) for i in flat]


def write_samples(folder: Path, n: int, tensor: np.ndarray, chance: np.random.Generator) -> None:
    """Sampled values of the model input of golden film `n`, one to a line."""
    samples = [[c, y, x, round(float(tensor[0, c, y, x]), 6)] for c, y, x in sample_places(tensor, chance)]
    text = json.dumps({"input": f"golden/film-{n}.png", "samples": samples})
    text = text.replace("[[", "[\n[").replace("], [", "],\n[")
    (folder / f"golden/transform-{n}.json").write_text(text + "\n")


def write_golden(folder: Path, films: list[np.ndarray], pack: dict, tolerance: dict) -> list[dict]:
    """Write the films as PNG and sampled model inputs beside them; answer `golden` of `pack.json`."""
    (folder / "golden").mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(20)
    rows = []
    for n, film in enumerate(films, 1):
        path = f"golden/film-{n}.png"
        Image.fromarray(film).save(folder / path, optimize=True)
        tensor = model_input(read_film(folder / path), pack["input"])
        logits = run_graph(folder / pack["graph"]["weights"], tensor, [pack["graph"]["logits"]])[0]
        write_samples(folder, n, tensor, chance)
        rows.append({"input": path, "logits": [round(float(v), 5) for v in logits[0]], "tolerance": tolerance})
    return rows


def measured_places(pack: str) -> list[dict]:
    """What `measure_places.ts` found of the places that `pack` draws: how often sides and zones were right."""
    path = Path(__file__).parent / "results/places.json"
    return json.loads(path.read_text())["packs"][pack] if path.exists() else []


def list_files(folder: Path) -> list[dict]:
    """Every file of the pack except `pack.json` and its signature, with size and SHA-256."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in ("pack.json", "SIGNATURE"))
    return [
        {
            "path": p.relative_to(folder).as_posix(),
            "bytes": p.stat().st_size,
            "sha256": hashlib.sha256(p.read_bytes()).hexdigest(),
        }
        for p in files
    ]


def write_pack(folder: Path, pack: dict) -> None:
    """List the files and write `pack.json` last, so that it describes what lies there."""
    pack["files"] = list_files(folder)
    (folder / "pack.json").write_text(json.dumps(pack, indent=2) + "\n")
