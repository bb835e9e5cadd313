"""What was made before need not be made again: a cache that no build depends on.

A file of the cache holds the SHA-256 of its content, then the content.  So one that was
cut off, spoilt or written by two builds at once is as good as none, and no file beside
it is needed to write it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from plugins.problems import Problems

FOLDER = ".cache"
PARTS = ("cards", "fonts", "kept", "pictures", "schemas")
_SIZE = hashlib.sha256().digest_size


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what ``path`` keeps, or else what ``make`` gives, which is kept if the disk lets us."""
    with suppress(OSError):
        raw = path.read_bytes()
        if hashlib.sha256(raw[_SIZE:]).digest() == raw[:_SIZE]:
            return raw[_SIZE:]
    content = make()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(hashlib.sha256(content).digest() + content)
    return content


def cache_folder(settings: Mapping[str, Any]) -> Path:
    """Return where a build keeps things: beside the content, or where the setting ``KEPT_IN`` says."""
    return Path(settings.get("KEPT_IN") or Path(settings["PATH"]).parent / FOLDER)


def check_cache(project: Path, problems: Problems) -> None:
    """Warn of a cache that cannot be used: every build is right, and slow."""
    for name in (FOLDER, *(f"{FOLDER}/{part}" for part in PARTS)):
        path = project / name
        if os.path.lexists(path) and not (path.is_dir() and os.access(path, os.R_OK | os.W_OK | os.X_OK)):
            message = "the cache can't be read and written, so every build is a slow one."
            cure = f"Remove {name}, or mend its rights: builds fill it again."
            problems.warn(name, 1, "cache", message, cure)
            return
