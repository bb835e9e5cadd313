"""QR codes for the printed page: from paper back to the address."""

from __future__ import annotations

import hashlib
import io

import segno

MASK = 3
"""The pattern laid over the data: rows and columns taken together, so that no address makes large patches."""


def qr_svg(address: str) -> bytes:
    """Return a QR code of ``address`` as a small SVG file without styles or script.

    Low error correction keeps it coarse enough to scan from a home printer.  The mask is given: each of
    the eight can be read, and looking for the one with the fewest blots takes four times as long as the rest.
    """
    code = segno.make_qr(address, error="l", boost_error=False, mask=MASK)
    out = io.BytesIO()
    code.save(out, kind="svg", border=2, omitsize=True, xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue()


def qr_name(address: str) -> str:
    """Return the name of the file with the code of ``address``, as this package draws it."""
    key = hashlib.sha256(f"{address}\n{segno.__version__}\n{MASK}".encode()).hexdigest()[:16]
    return f"qr.{key}.svg"
