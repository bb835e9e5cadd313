"""The one font of the site: a cut of Source Serif for headings, made at build from a package.

Source Serif Pro (SIL Open Font License 1.1) comes with the package
``font-source-serif-pro``, as it does for the share cards.  The cut holds one weight and
the characters below; any other falls back to the reader's own serif.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import string
from importlib.metadata import version
from pathlib import Path

from plugins.library.cache import kept

CHARACTERS = string.ascii_letters + string.digits + " .,:;!?'\"()&/%+-#’‘“”–—…·›éèüöäïñçá"
UNUSED = ("GSUB", "BASE")
"""Tables of the font that kerning has no need of: empty in the cut, and slow to read."""
PACKAGE = "font-source-serif-pro"
FILE = "SourceSerifPro-Semibold.ttf"


def heading_font(cache: Path) -> bytes:
    """Return the font as WOFF2, kept in ``cache``; raises FileNotFoundError without the package."""
    source = _source().read_bytes()
    recipe = f"{CHARACTERS}|{UNUSED}|{version('fonttools')}|{version('brotli')}".encode()
    return kept(cache / hashlib.sha256(source + recipe).hexdigest()[:20], lambda: cut(source, CHARACTERS))


def _source() -> Path:
    spec = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    path = Path(spec.origin).parent / "files" / FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise FileNotFoundError(f"the package {PACKAGE} has no file {FILE}")
    return path


def cut(font: bytes, characters: str) -> bytes:
    """Return ``font`` with only ``characters`` and their kerning, as WOFF2; the same bytes every time."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        hinting=False, layout_features=["kern"], name_IDs=[0, 1, 2, 13], notdef_outline=False
    )
    with TTFont(io.BytesIO(font), recalcTimestamp=False) as opened:
        for table in UNUSED:
            del opened[table]
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=characters)
        subsetter.subset(opened)
        opened.flavor = "woff2"
        result = io.BytesIO()
        opened.save(result)
    return result.getvalue()
