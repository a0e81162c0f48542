"""The same film through pydicom, numpy and onnxruntime: `python_peer.py FILM PACK ROUNDS` prints medians as JSON, in ms.

The transform is the one that the pack was trained with (models/training/transform.py).
"""
import json
import pathlib
import statistics
import sys
import time

import numpy as np
import onnxruntime as ort
import pydicom

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "models" / "training"))
from transform import model_input  # noqa: E402


def main(film: str, pack: str, rounds: int) -> None:
    folder = pathlib.Path(pack)
    spec = json.loads((folder / "pack.json").read_text())
    session = ort.InferenceSession(str(folder / spec["graph"]["weights"]), providers=["CPUExecutionProvider"])
    times: dict[str, list[float]] = {"decode": [], "prepare": [], "run": []}
    logits = None
    for index in range(rounds + 1):
        began = time.perf_counter()
        data = pydicom.dcmread(film)
        pixels = data.pixel_array
        decoded = time.perf_counter()
        centre, width = float(data.WindowCenter), float(data.WindowWidth)
        values = pixels * float(data.get("RescaleSlope", 1)) + float(data.get("RescaleIntercept", 0))
        grey = np.clip((values - (centre - 0.5)) / (width - 1) + 0.5, 0, 1)
        tensor = model_input(grey, spec["input"])
        prepared = time.perf_counter()
        logits = session.run([spec["graph"]["logits"]], {spec["input"]["name"]: tensor})[0]
        ran = time.perf_counter()
        if index > 0:  # the first round also loads
            for name, value in zip(times, (decoded - began, prepared - decoded, ran - prepared)):
                times[name].append(1000 * value)
    print(json.dumps({**{name: statistics.median(all_) for name, all_ in times.items()}, "logits": logits[0].tolist()}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
