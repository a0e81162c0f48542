"""Writes `transform.json` (by models/training/transform.py) and `voi.json` (by pydicom) for the tests beside.

Films are formulas that the tests evaluate too, so no pixels are kept. Run: python3 make_golden.py, then prettier.
"""
import json
import sys
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_voi_lut

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[3] / "models/training"))
from transform import letterbox, model_input, resampling, stretch  # noqa: E402


def film(columns: int, rows: int, levels: int) -> np.ndarray:
    y, x = np.mgrid[:rows, :columns].astype(np.int64)
    return (x * 7 + y * 11 + (x * y) % 97 * 13 + (x * x + 3 * y * y) % 53 * 9) % levels


def places(tensor: np.ndarray) -> list:
    flat = tensor.ravel()
    at = (np.arange(64) * 104729 + 7) % flat.size
    return [[int(i), float(np.round(flat[i], 7))] for i in at]


def spec(columns: int, rows: int, clip, mean, std) -> dict:
    return {
        "name": "image", "channels": len(mean), "rows": rows, "columns": columns,
        "clip": clip, "mean": mean, "std": std,
    }


IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
CLIP = {"low": 0.01, "high": 0.99}
CASES = [
    ("shrunk, no clip", 500, 400, 256, spec(320, 320, None, [0], [1])),
    ("shrunk, clipped, three channels", 533, 701, 4096, spec(320, 320, CLIP, *IMAGENET)),
    ("enlarged", 61, 90, 256, spec(224, 160, CLIP, [0.5], [0.25])),
    ("as it is", 64, 48, 4096, spec(64, 64, CLIP, [0], [1])),
    ("no contrast", 100, 80, 1, spec(64, 64, CLIP, [0.5], [0.5])),
]


def transforms() -> dict:
    out = []
    for name, columns, rows, levels, input_spec in CASES:
        values = film(columns, rows, levels) / max(levels - 1, 1)
        tensor = model_input(values, input_spec)[0]
        out.append({
            "name": name, "columns": columns, "rows": rows, "levels": levels, "input": input_spec,
            "mean": float(tensor.astype(np.float64).mean()), "samples": places(tensor),
        })
    # Pixels twice as wide as high: both axes are resampled to the letterbox of the square-pixel film in one pass.
    columns, rows, levels, clip = 150, 260, 4096, CLIP
    box = letterbox(2 * columns, rows, 128, 128)
    values = resampling(rows, box.height) @ (film(columns, rows, levels) / 4095) @ resampling(columns, box.width).T
    grid = np.zeros((128, 128), np.float32)
    grid[box.y : box.y + box.height, box.x : box.x + box.width] = stretch(values, clip)
    wide = {
        "columns": columns, "rows": rows, "levels": levels, "input": spec(128, 128, clip, [0], [1]),
        "mean": float(grid.astype(np.float64).mean()), "samples": places(grid),
    }
    return {"by": "models/training/transform.py", "square": out, "wide": wide}


def dataset(bits: int, signed: bool) -> Dataset:
    ds = Dataset()
    ds.BitsStored, ds.BitsAllocated, ds.PixelRepresentation = bits, 16, int(signed)
    ds.PhotometricInterpretation = "MONOCHROME2"
    return ds


def lut_item(first: int, bits: int, data: list) -> Dataset:
    item = Dataset()
    item.add_new(0x00283002, "SS" if first < 0 else "US", [len(data), first, bits])
    item.add_new(0x00283006, "US", data)
    return item


def windows() -> list:
    """name, bits, signed, slope, intercept, centre, width, function: the first five are those of real files."""
    rows = [
        ("a CR of 15 bits", 15, False, 1, 0, 15000, 30000, "LINEAR"),
        ("a CR of 10 bits", 10, False, 1, 0, 550, 1024, "LINEAR"),
        ("a CR of 12 bits with rescale", 12, False, 0.684, 200, 1600, 2800, "LINEAR"),
        ("a CT", 16, True, 1, -1024, 40, 400, "LINEAR"),
        ("a CT of 14 bits, brain", 14, True, 1, -1024, 40, 100, "LINEAR"),
        ("the narrowest window", 12, False, 1, 0, 2048, 1, "LINEAR"),
        ("width two", 12, False, 1, 0, 2048, 2, "LINEAR"),
        ("exact", 12, False, 1, 0, 2047.5, 4095, "LINEAR_EXACT"),
        ("exact, narrow", 12, True, 2, -7, 30, 0.5, "LINEAR_EXACT"),
        ("sigmoid", 12, False, 1, 0, 2048, 1024, "SIGMOID"),
        ("negative slope", 12, False, -1, 4095, 1000, 500, "LINEAR"),
    ]
    out = []
    for name, bits, signed, slope, intercept, center, width, function in rows:
        ds = dataset(bits, signed)
        ds.RescaleSlope, ds.RescaleIntercept = slope, intercept
        ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = center, width, function
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
        edges = [(center + k * width / 2 - intercept) / slope + d for k in (-1, -0.5, 0, 0.5, 1) for d in (-1, 0, 1)]
        stored = np.clip(np.unique(np.round([*edges, *np.linspace(low, high, 12)])), low, high).astype(np.int32)
        shown = apply_voi_lut(apply_modality_lut(stored, ds), ds).astype(np.float64)
        # pydicom's output runs from the modality value of `low` to that of `high`, also when the slope is negative.
        ends = np.array([low, high], np.float64) * slope + intercept
        fractions = (shown - ends[0]) / (ends[1] - ends[0])
        out.append({
            "name": name, "bitsStored": bits, "signed": signed, "rescaleSlope": slope, "rescaleIntercept": intercept,
            "center": center, "width": width, "voiFunction": function,
            "stored": stored.tolist(), "fractions": [round(float(v), 9) for v in fractions],
        })
    return out


def luts() -> dict:
    modality_data = [(i * i) // 70 + 5 for i in range(200)]
    ds = dataset(12, True)
    ds.ModalityLUTSequence = [lut_item(-100, 16, modality_data)]
    ds.ModalityLUTSequence[0].ModalityLUTType = "OD"
    stored = np.arange(-130, 131, 13, dtype=np.int16)
    modality = apply_modality_lut(stored, ds)
    voi_data = [round(1023 * (i / 299) ** 0.5) for i in range(300)]
    ds = dataset(12, False)
    ds.VOILUTSequence = [lut_item(20, 10, voi_data)]
    inputs = np.arange(0, 400, 17, dtype=np.int16)
    return {
        "modality": {"firstMapped": -100, "bits": 16, "data": modality_data, "stored": stored.tolist(), "values": modality.tolist()},
        "voi": {"firstMapped": 20, "bits": 10, "data": voi_data, "stored": inputs.tolist(), "values": apply_voi_lut(inputs, ds).tolist()},
    }


def main() -> None:
    (HERE / "transform.json").write_text(json.dumps(transforms()) + "\n")
    by = f"pydicom {pydicom.__version__}"
    (HERE / "voi.json").write_text(json.dumps({"by": by, "windows": windows(), "luts": luts()}) + "\n")


if __name__ == "__main__":
    main()
