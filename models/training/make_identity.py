"""Writes the test pack `identity`: its saliency is its own input, averaged over 8 × 8 pixels.

What it shows about geometry is therefore known beforehand: a bright dot must come back in place.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from packing import write_golden, write_pack

CARD = """# identity

A test of geometry, not a model: nothing was trained. Its map is its input averaged over cells of
8 × 8 pixels, its one logit the mean of its input. For research and evaluation. Not for clinical use.
"""


def graph() -> onnx.ModelProto:
    """image [1,1,320,320] → logits [1,1] (mean), cam [1,1,40,40] (mean of each 8 × 8 cell)."""
    nodes = [
        helper.make_node("AveragePool", ["image"], ["cam"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["logits"], axis=1),
    ]
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    inside = helper.make_graph(
        nodes, "identity", [value("image", [1, 1, 320, 320])], [value("logits", [1, 1]), value("cam", [1, 1, 40, 40])]
    )
    model = helper.make_model(inside, opset_imports=[helper.make_opsetid("", 13)], producer_name="raddraft")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def films() -> list[np.ndarray]:
    """Dark films, each with one bright dot, wide, tall and square."""
    shapes = [(400, 500, 90, 330), (300, 256, 210, 60), (320, 320, 160, 160)]
    out = []
    for height, width, y, x in shapes:
        film = np.full((height, width), 26, np.uint8)
        rows, columns = np.mgrid[:height, :width]
        film[(rows - y) ** 2 + (columns - x) ** 2 <= 12**2] = 240
        out.append(film)
    return out


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "tests/packs/identity")
    folder: Path = arguments.parse_args().out
    (folder / "weights").mkdir(parents=True, exist_ok=True)
    onnx.save(graph(), str(folder / "weights/identity.onnx"))
    (folder / "CARD.md").write_text(CARD)
    exact = {"value": 1, "low": 1, "high": 1}
    pack = {
        "schema": 1,
        "id": "identity",
        "version": "1.0.0",
        "name": "Identity",
        "summary": "A test of geometry: the map is the input itself. It finds nothing.",
        "use": "test",
        "licence": "Apache-2.0",
        "task": "identity",
        "accepts": {
            "modalities": ["DX", "CR", "CT", "MR", "OT", "SC", "US", "NM", "PT", "XA", "RF", "MG"],
            "bodyParts": ["*"],
            "views": ["*"],
            "minAgeYears": 0,
        },
        "input": {"name": "image", "channels": 1, "rows": 320, "columns": 320, "clip": None, "mean": [0], "std": [1]},
        "graph": {"weights": "weights/identity.onnx", "opset": 13, "logits": "logits", "cam": "cam"},
        "labels": [
            {
                "id": "identity",
                "name": "Identity",
                "listed": True,
                "calibration": {"slope": 1, "intercept": 0},
                "threshold": 0.5,
                "prevalence": 0.5,
                "positives": 0,
                "auc": exact,
                "sensitivity": exact,
                "specificity": exact,
                "calibrationError": 0,
            }
        ],
        "files": [],
        "golden": [],
    }
    pack["golden"] = write_golden(folder, films(), pack, {"cpu": 1e-4, "other": 1e-3})
    write_pack(folder, pack)


if __name__ == "__main__":
    main()
