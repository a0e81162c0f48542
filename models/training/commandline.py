"""What every program that makes a pack is asked on its command line."""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

HERE = Path(__file__).parent


def pack_parser(description: str, pack: str, work: str, settings: str, threads: int) -> argparse.ArgumentParser:
    """`work`: the folder below `.cache` ('' for itself); `settings`: an example of them; `threads`: of torch."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of images.csv")
    parser.add_argument("--out", type=Path, default=HERE.parent / pack)
    parser.add_argument("--work", type=Path, default=HERE / ".cache" / work, help="features and checkpoints")
    parser.add_argument("--settings", type=json.loads, default={}, help=f"as JSON, for example {settings}")
    parser.add_argument("--test", action="store_true", help="also measure `test`: once, when nothing will change")
    parser.add_argument("--threads", type=int, default=threads)
    return parser


def read_arguments(parser: argparse.ArgumentParser) -> argparse.Namespace:
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    return arguments
