"""Which code is at work: what it makes may differ once a byte of it, or a package, has changed."""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from functools import cache
from pathlib import Path

PLUGINS = Path(__file__).resolve().parents[1]


@cache
def code_version() -> bytes:
    """Return a hash of all plugins, of every other module of ours that is loaded, and of all packages.

    Packages are told by the names of their folders, which hold their versions.
    """
    packages = sysconfig.get_path("purelib")
    installed = sorted(name for name in os.listdir(packages) if name.endswith(".dist-info"))
    digest = hashlib.sha256(f"{sys.version}\n{installed}".encode())
    for path in sorted({*PLUGINS.rglob("*.py"), *_loaded(packages)}):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()


@cache
def code_of(folder: Path) -> bytes:
    """Return a hash of the modules in ``folder``, for what depends on no other code of ours."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()


def _loaded(packages: str) -> set[Path]:
    """Return the files of the modules that are loaded and come neither with Python nor from a package."""
    foreign = (packages, sysconfig.get_path("platlib"), sysconfig.get_path("stdlib"))
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return {Path(file) for file in files if file and file.endswith(".py") and not file.startswith(foreign)}
