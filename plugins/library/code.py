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
    """Return a hash of all plugins, of all other code of ours that is at work, and of all packages.

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
    """Return the files of the modules that come neither with Python nor from a package that is installed.

    Of a package of ours all files, so that it does not matter which of them are loaded by now.
    """
    foreign = (packages, sysconfig.get_path("platlib"), sysconfig.get_path("stdlib"))
    found: set[Path] = set()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or not file.endswith(".py") or file.startswith(foreign):
            continue
        first = getattr(sys.modules.get(name.partition(".")[0]), "__file__", None) or ""
        if not first.startswith(foreign):
            found.add(Path(first).parent if first.endswith("__init__.py") else Path(file))
        elif name.startswith("pelican.plugins."):  # and not the settings, which Pelican calls pelican.conf
            found.add(Path(file))
    return {file for path in found for file in (path.rglob("*.py") if path.is_dir() else [path])}
