"""The mark in a kept file's name: what was made of other things has another one."""
from __future__ import annotations

from hashlib import sha256


def mark(*parts: object) -> str:
    """Twelve digits that tell these parts from any others; bytes count as they are, all else as `repr` writes it."""
    told = sha256()
    for n, part in enumerate(parts):
        told.update(b" " if n else b"")
        told.update(part if isinstance(part, bytes) else repr(part).encode())
    return told.hexdigest()[:12]
