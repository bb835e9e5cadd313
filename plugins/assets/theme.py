"""A theme's files, ready to be written and to be named in pages."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.assets.bundle import Asset, bundle_styles, fingerprint, fingerprint_scripts
from plugins.assets.drawings import FOLDER, Drawings
from plugins.assets.fonts import heading_font
from plugins.library.pages import AssetAddress
from plugins.problems import Problem


@dataclass(frozen=True)
class Theme:
    """Style sheets, scripts, the font and pictures by their names in the theme, and its drawings.

    ``problems`` are what is wrong with any of them; ``parts`` are the folders of plugins that bring
    templates and scripts of their own.
    """

    folder: Path
    assets: Mapping[str, Asset]
    drawings: Drawings
    problems: tuple[Problem, ...]
    parts: tuple[Path, ...] = ()

    @property
    def templates(self) -> tuple[Path, ...]:
        """Return the folders of its templates, the first that has one wins."""
        return tuple(folder / "templates" for folder in (self.folder, *self.parts))

    @property
    def static(self) -> Path:
        """Return the folder of the files as they were drawn and written."""
        return self.folder / "static"

    @property
    def icon(self) -> Path:
        """Return the icon that all others are made of."""
        return self.static / "img" / "icon.svg"

    def addresses(self, base: str) -> dict[str, AssetAddress]:
        """Return where each asset is on a site that lies under ``base``."""
        return {
            name: AssetAddress(f"{base}/assets/{asset.name}", asset.integrity)
            for name, asset in self.assets.items()
        }

    def files(self) -> dict[str, bytes]:
        """Return the content of every asset by its name below the output folder."""
        return {f"assets/{asset.name}": asset.content for asset in self.assets.values()}


def read_theme(settings: Mapping[str, Any], cache: Path) -> Theme:
    """Return the files of a site's theme, the style sheets in the order of its settings."""
    folder, parts = Path(settings["THEME"]), tuple(map(Path, settings.get("THEME_PARTS", ())))
    static = folder / "static"
    sheets = {"site.css": settings["STYLESHEETS"], **settings["PAGE_STYLESHEETS"]}
    font = fingerprint("heading.woff2", heading_font(cache / "fonts"))
    styles, problems = bundle_styles(static / "css", sheets, {"heading.woff2": font.name})
    scripts, faults = _scripts(folder, [one / "static" / "js" for one in (folder, *parts)])
    assets = {"font/heading.woff2": font, **styles, **scripts}
    for path in sorted((static / "img").glob("*.*")):
        assets[f"img/{path.name}"] = fingerprint(path.name, path.read_bytes())
    drawings = Drawings(static / FOLDER)
    return Theme(folder, assets, drawings, (*problems, *faults, *drawings.problems), parts)


def _scripts(theme: Path, folders: Sequence[Path]) -> tuple[dict[str, Asset], list[Problem]]:
    """Return the scripts in ``folders``, or what keeps them from being served."""
    try:
        return fingerprint_scripts(*folders), []
    except ValueError as error:
        name, _, words = str(error).partition(": ")
        found = next((path for folder in folders for path in folder.rglob(Path(name).name)), folders[0])
        path = os.path.relpath(found, theme.parent)
        return {}, [Problem(path, 1, "script", f"{words.rstrip('.')}.")]
