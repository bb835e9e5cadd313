"""The only fonts that the tests' browser sees, from packages of ``requirements.lock``.

Where text wraps depends on its font; with those of the machine, so would the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib.util import find_spec
from pathlib import Path

GENERIC = {
    "serif": "Source Serif Pro",
    "sans-serif": "Manrope",
    "system-ui": "Manrope",
    "monospace": "Manrope",
}
"""What stands for the families that style sheets name last."""
_PACKAGES = ("font_source_serif_pro", "font_manrope")
_CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  {folders}
  <selectfont><rejectfont><glob>*.otf</glob></rejectfont></selectfont>
  <cachedir>{cache}</cachedir>
  {aliases}
  <match target="pattern">
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="hinting" mode="assign"><bool>false</bool></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit>
  </match>
</fontconfig>
"""
_ALIAS = '<alias binding="same"><family>{name}</family><prefer><family>{font}</family></prefer></alias>'


def font_folders() -> list[Path]:
    """Return the folders of the packages' font files; ModuleNotFoundError names a package that is missing."""
    folders = []
    for package in _PACKAGES:
        if not (spec := find_spec(package)) or not spec.origin:
            raise ModuleNotFoundError(
                f"{package} is not installed: ./publish.sh build installs what the lock names"
            )
        folders.append(Path(spec.origin).parent / "files")
    return folders


def only_these_fonts(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` with settings, written to ``folder``, by which no other font is found."""
    config = folder / "fonts.conf"
    folders = "".join(f"<dir>{escape(str(path))}</dir>" for path in font_folders())
    aliases = "".join(_ALIAS.format(name=name, font=font) for name, font in GENERIC.items())
    text = _CONFIG.format(folders=folders, cache=escape(str(folder / "cache")), aliases=aliases)
    config.write_text(text, encoding="utf-8")
    rest = {name: value for name, value in environment.items() if not name.startswith("FONTCONFIG_")}
    return {**rest, "FONTCONFIG_FILE": str(config)}
