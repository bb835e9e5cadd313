"""Staging: the output as a server wants it, made beside the output and never in it.

``site/`` holds the pages and ``shared/`` the files whose names change with their bytes,
each with its compressed siblings; ``conf/`` is data for nginx; ``SUMS`` and ``SHARED`` list
the hash of every file.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Container, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import brotli

from publish.deploy.manifest import NAME, Manifest
from publish.deploy.nginx import redirect_marks, site_data
from publish.headers import COMPRESSIBLE, is_immutable

_WORTH_IT = 200
_BLOCK = 4096


@dataclass(frozen=True)
class Staged:
    """A site ready to be sent: where its plain files are, where the staged ones, and what it is made of.

    ``beside`` are files that speak of the release and are no part of it: provenance and signatures.
    """

    release: str
    output: Path
    folder: Path
    manifest: Manifest
    beside: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def stamps(self) -> dict[str, Path]:
        """Return ``release.json`` and what stands beside it, by name."""
        return {name: self.site / name for name in (NAME, *self.beside)}

    @property
    def site(self) -> Path:
        """Return the folder with everything but the shared files."""
        return self.folder / "site"

    @property
    def shared(self) -> Path:
        """Return the folder with the files that every release shares."""
        return self.folder / "shared"

    def size_of(self, changed: Container[str]) -> int:
        """Return the space that these files of the output take, with what goes with every release.

        Everything else is there already, and becomes a link.
        """
        size = 0
        for path in self.folder.rglob("*"):
            part, _, name = path.relative_to(self.folder).as_posix().partition("/")
            plain = name.removesuffix(".br").removesuffix(".gz")
            if path.is_file() and (
                part not in ("site", "shared") or plain in changed or plain in self.stamps
            ):
                size += _BLOCK * (1 + path.stat().st_size // _BLOCK)
        return size


def stage(
    output: Path,
    folder: Path,
    manifest: Manifest,
    release: str,
    *,
    compressed: bool = True,
    beside: Mapping[str, bytes] | None = None,
) -> Staged:
    """Lay out ``output`` for a web server at ``folder``, compressed siblings and checksums included."""
    staged = Staged(release, output, folder, manifest, beside or {})
    for name in manifest.files:
        target = (staged.shared if is_immutable(name) else staged.site) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(output / name, target)
    staged.shared.mkdir(parents=True, exist_ok=True)
    for name, data in {NAME: manifest.to_json().encode(), **staged.beside}.items():
        (staged.site / name).write_bytes(data)
    if compressed:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(compress, [path for path in sorted(folder.rglob("*")) if path.is_file()]))
    conf = folder / "conf"
    conf.mkdir()
    (conf / "site.data").write_text(site_data(manifest.redirects), encoding="utf-8")
    for mark in redirect_marks(manifest.redirects):
        (conf / mark).parent.mkdir(parents=True, exist_ok=True)
        (conf / mark).touch()
    (folder / "SUMS").write_text(_sums(folder, "site") + _sums(folder, "conf"), encoding="utf-8")
    (folder / "SHARED").write_text(_sums(staged.shared, "."), encoding="utf-8")
    return staged


def compress(path: Path) -> None:
    """Write ``.br`` and ``.gz`` beside a file where that saves bytes; the same bytes every time."""
    data = path.read_bytes()
    if not path.name.endswith(COMPRESSIBLE) or len(data) < _WORTH_IT:
        return
    for suffix, packed in ((".br", brotli.compress(data)), (".gz", gzip.compress(data, 9, mtime=0))):
        if len(packed) < len(data):
            path.with_name(path.name + suffix).write_bytes(packed)


def _sums(folder: Path, below: str) -> str:
    """Return lines as ``sha256sum`` writes them, paths relative to ``folder``."""
    rows = []
    for path in sorted((folder / below).rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            rows.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    return "".join(rows)
