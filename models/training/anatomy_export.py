"""Writes the anatomy network as ONNX: weights stored as float16, computed in float32."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch

from anatomy_network import INPUT, Anatomy, Whole
from export import OPSET, store_half
from packing import run_graph
from phantom import phantom
from transform import model_input


def export_anatomy(network: Anatomy, path: Path, half: bool = True) -> dict:
    """image [1,3,192,192] → masks [1,4,96,96]. Answers how far the file is from torch."""
    whole = Whole(network.eval().to(memory_format=torch.contiguous_format)).eval()
    path.parent.mkdir(parents=True, exist_ok=True)
    image = torch.from_numpy(model_input(phantom(384, 384, 5) / 255.0, INPUT))
    torch.onnx.export(
        whole, image, str(path), opset_version=OPSET, input_names=["image"], output_names=["masks"], do_constant_folding=True
    )
    model = onnx.load(str(path))
    if half:
        store_half(model)
    model.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    with torch.no_grad():
        expected = whole(image).numpy()
    masks = run_graph(path, image.numpy(), ["masks"])[0]
    return {"difference": float(np.abs(masks - expected).max()), "shape": list(masks.shape)}
