"""QR codes for the printed page: from paper back to the address."""

from __future__ import annotations

import segno
from markupsafe import Markup as SafeText


def qr_svg(address: str) -> SafeText:
    """Return a QR code of ``address`` as a small inline SVG without colours, styles or script.

    Low error correction keeps it coarse enough to scan from a home printer.
    """
    code = segno.make_qr(address, error="l", boost_error=False)
    svg = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return SafeText(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704 - our own
