"""QR codes for the printed page: from paper back to the address."""

from __future__ import annotations

import hashlib
from pathlib import Path

import segno
from markupsafe import Markup as SafeText

from plugins.sharing.raster import keep


def qr_svg(address: str) -> str:
    """Return a QR code of ``address`` as a small inline SVG without colours, styles or script.

    Low error correction keeps it coarse enough to scan from a home printer.
    """
    code = segno.make_qr(address, error="l", boost_error=False)
    svg = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def kept_qr_svg(address: str, folder: Path) -> SafeText:
    """Return :func:`qr_svg` of ``address``, from ``folder`` if it was drawn before: drawing takes 5 ms."""
    key = hashlib.sha256(f"{address}\n{segno.__version__}".encode()).hexdigest()[:16]
    kept = folder / f"{key}.svg"
    if not kept.is_file():
        keep(kept, qr_svg(address).encode())
    return SafeText(kept.read_text(encoding="utf-8"))  # noqa: S704 - our own
