"""Writes the network as ONNX: weights stored as float16, computed in float32."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from network import INPUT, Whole
from phantom import phantom
from transform import model_input

OPSET = 13


def store_half(model: onnx.ModelProto) -> None:
    """Every float32 initialiser of 64 values or more becomes float16 and is cast back when the graph is loaded."""
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or int(np.prod(tensor.dims)) < 64:
            continue
        name = tensor.name
        half = numpy_helper.to_array(tensor).astype(np.float16)
        if not np.isfinite(half).all():
            raise ValueError(f"{name}: does not fit float16")
        tensor.CopyFrom(numpy_helper.from_array(half, name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)


def export(network: Whole, path: Path) -> dict:
    """image [1,3,320,320] → logits [1,k], cam [1,k,10,10]. Answers how far the file is from torch."""
    from packing import run_graph

    network = network.eval().to(memory_format=torch.contiguous_format)
    path.parent.mkdir(parents=True, exist_ok=True)
    image = torch.from_numpy(model_input(phantom(384, 384, 5) / 255.0, INPUT))
    torch.onnx.export(
        network,
        image,
        str(path),
        opset_version=OPSET,
        input_names=["image"],
        output_names=["logits", "cam"],
        do_constant_folding=True,
    )
    model = onnx.load(str(path))
    store_half(model)
    model.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    with torch.no_grad():
        expected = network(image)[0].numpy()
    logits, cam = run_graph(path, image.numpy(), ["logits", "cam"])
    bias = network.upper.bias.detach().numpy()
    identity = float(np.abs(cam.mean((2, 3)) + bias - logits).max())
    if identity > 1e-2:
        raise ValueError(f"expected mean of the map + bias to be the logit, found a difference of {identity}")
    return {"difference": float(np.abs(logits - expected).max()), "map": list(cam.shape)}
