"""SVG to PNG, once: the result is kept under the hash of all that went into it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import resvg_py

_START, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


@cache
def _versions(*packages: str) -> str:
    return " ".join(version(package) for package in packages)


def picture_key(svg: str) -> str:
    """Return the name of the picture that ``svg`` makes, with this renderer and these fonts."""
    recipe = f"{svg}\n{_versions('resvg-py', 'font-source-serif-pro')}"
    return hashlib.sha256(recipe.encode()).hexdigest()[:16]


def render_png(svg: str, folder: Path, fonts: Sequence[Path] = ()) -> bytes:
    """Return ``svg`` as PNG at its own size, from ``folder`` if it was drawn before.

    The machine's own fonts are never looked at.
    """
    kept = folder / f"{picture_key(svg)}.png"
    if kept.is_file() and is_whole(png := kept.read_bytes()):
        return png
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[str(font) for font in fonts]))
    keep(kept, png)
    return png


def keep(path: Path, content: bytes) -> None:
    """Write a file of the cache in one go, so that no build ever finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        part.write(content)
    Path(part.name).replace(path)


def is_whole(png: bytes) -> bool:
    """Tell whether ``png`` begins and ends as a PNG does: a build may have been stopped while it wrote."""
    return png.startswith(_START) and png.endswith(_END)
