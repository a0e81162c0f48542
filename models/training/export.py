"""Writes the network as ONNX: weights stored as float16, computed in float32."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from network import INPUT, Whole
from packing import open_graph, run_graph
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


def save_graph(network: torch.nn.Module, path: Path, spec: dict, outputs: list[str], half: bool = True) -> tuple[list, list]:
    """Write `network` (in evaluation mode) as ONNX; `spec`: the pack's input. Answers its outputs on a phantom: torch's, the file's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = torch.from_numpy(model_input(phantom(384, 384, 5) / 255.0, spec))
    torch.onnx.export(
        network, image, str(path), opset_version=OPSET, input_names=["image"], output_names=outputs, do_constant_folding=True
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
        answer = network(image)
    expected = [part.numpy() for part in (answer if isinstance(answer, tuple) else (answer,))]
    return expected, run_graph(path, image.numpy(), outputs)


def frozen_graph(network: torch.nn.Module, path: Path, size: int, threads: int):
    """A part that never changes, in ONNX Runtime (ten times torch's speed here), for batches of any size; written to `path` once."""
    if not path.exists():
        torch.onnx.export(
            network.eval(),
            torch.zeros(1, 3, size, size),
            str(path),
            opset_version=OPSET,
            input_names=["image"],
            output_names=["features"],
            dynamic_axes={"image": {0: "n"}, "features": {0: "n"}},
        )
    return open_graph(path, threads)


def export(network: Whole, path: Path) -> dict:
    """image [1,3,384,384] → logits [1,k], cam [1,k,20,20]. Answers how far the file is from torch."""
    network = network.eval().to(memory_format=torch.contiguous_format)
    (expected, _), (logits, cam) = save_graph(network, path, INPUT, ["logits", "cam"])
    bias = network.head.bias.detach().numpy()
    identity = float(np.abs(cam.mean((2, 3)) + bias - logits).max())
    if identity > 1e-2:
        raise ValueError(f"expected mean of the map + bias to be the logit, found a difference of {identity}")
    return {"difference": float(np.abs(logits - expected).max()), "map": list(cam.shape)}


def differences(network: Whole, path: Path, images: list[np.ndarray]) -> dict:
    """How far the file's logits are from torch's on films: of each film its largest difference, over all films."""
    run = open_graph(path)
    with torch.no_grad():
        far = [
            float(np.abs(run.run(["logits"], {"image": image})[0] - network(torch.from_numpy(image))[0].numpy()).max())
            for image in images
        ]
    return {"films": len(far), "largest": round(max(far), 4), "median": round(float(np.median(far)), 4)}
