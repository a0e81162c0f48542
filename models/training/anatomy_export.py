"""Writes the anatomy network as ONNX: weights stored as float16, computed in float32."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from anatomy_network import INPUT, Anatomy, Whole
from export import save_graph


def export_anatomy(network: Anatomy, path: Path, half: bool = True) -> dict:
    """image [1,3,192,192] → masks [1,4,96,96]. Answers how far the file is from torch."""
    whole = Whole(network.eval().to(memory_format=torch.contiguous_format)).eval()
    (expected,), (masks,) = save_graph(whole, path, INPUT, ["masks"], half)
    return {"difference": float(np.abs(masks - expected).max()), "shape": list(masks.shape)}
