"""Assets: the declared style sheet order, fingerprinted names, integrity hashes.

Templates say ``asset("css/site.css")``, ``integrity("js/self-quiz.js")`` and
``inline_svg("trust")`` for one of the theme's drawings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from pelican import signals

from plugins.assets.bundle import Asset, bundle_styles, fingerprint, fingerprint_scripts
from plugins.assets.drawings import FOLDER, Drawings
from plugins.assets.fonts import heading_font
from plugins.assets.generator import AssetsGenerator
from plugins.library.problems import did_you_mean


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
    settings["JINJA_GLOBALS"] = {
        **settings["JINJA_GLOBALS"],
        "asset": lambda name: f"{settings['BASE_PATH']}/assets/{find_asset(assets, name).name}",
        "integrity": lambda name: find_asset(assets, name).integrity,
        "inline_svg": drawings,
    }


def find_asset(assets: dict[str, Asset], name: str) -> Asset:
    """Return an asset; a name that does not exist is a fault of the template that says it."""
    if name not in assets:
        raise jinja2.TemplateRuntimeError(f"there is no asset '{name}'. {did_you_mean(name, assets)}")
    return assets[name]


def add_assets_generator(_pelican: Any) -> type[AssetsGenerator]:
    """Tell Pelican about the generator."""
    return AssetsGenerator


def register() -> None:
    """Connect the assets to Pelican's signals."""
    signals.initialized.connect(prepare_assets)
    signals.get_generators.connect(add_assets_generator)
