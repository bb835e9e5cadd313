"""Assets: the declared style sheet order, fingerprinted names, integrity hashes.

Templates find them in ``frame.assets`` by their names in the theme (``css/site.css``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican import signals

from plugins.assets.bundle import bundle_styles, fingerprint, fingerprint_scripts
from plugins.assets.drawings import FOLDER, Drawings
from plugins.assets.fonts import heading_font


def prepare_assets(pelican: Any) -> None:
    """Fingerprint the theme's assets and give templates their addresses."""
    settings = pelican.settings
    static = Path(settings["THEME"], "static")
    font = fingerprint("heading.woff2", heading_font(Path(settings["PATH"]).parent / ".cache" / "fonts"))
    sheets = {"site.css": settings["STYLESHEETS"], **settings["PAGE_STYLESHEETS"]}
    styles, problems = bundle_styles(static / "css", sheets, {"heading.woff2": font.name})
    assets = {"font/heading.woff2": font, **styles, **fingerprint_scripts((static / "js").resolve())}
    for path in sorted((static / "img").glob("*.*")):
        assets[f"img/{path.name}"] = fingerprint(path.name, path.read_bytes())
    drawings = Drawings(static / FOLDER)
    settings["ASSETS"], settings["ASSET_PROBLEMS"] = assets, problems + drawings.problems
    settings["DRAWINGS"] = drawings


def register() -> None:
    """Connect the assets to Pelican's signals."""
    signals.initialized.connect(prepare_assets)
