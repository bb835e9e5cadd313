"""QR codes for the printed page: from paper back to the address."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import segno

from plugins.library.cache import kept

MASK = 3
"""The pattern laid over the data: rows and columns taken together, so that no address makes large patches."""


@dataclass(frozen=True)
class Code:
    """A QR code: the ``name`` of its file below ``/assets/``, and the drawing."""

    name: str
    svg: bytes


def qr_svg(address: str) -> bytes:
    """Return a QR code of ``address`` as a small SVG file without styles or script.

    Low error correction keeps it coarse enough to scan from a home printer.  The mask is given: each of
    the eight can be read, and looking for the one with the fewest blots takes four times as long as the rest.
    """
    code = segno.make_qr(address, error="l", boost_error=False, mask=MASK)
    out = io.BytesIO()
    code.save(out, kind="svg", border=2, omitsize=True, xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue()


def kept_qr(address: str, folder: Path) -> Code:
    """Return the code of ``address``, from ``folder`` if it was drawn before: drawing takes 5 ms."""
    key = hashlib.sha256(f"{address}\n{segno.__version__}\n{MASK}".encode()).hexdigest()[:16]
    return Code(f"qr.{key}.svg", kept(folder / key, lambda: qr_svg(address)))
