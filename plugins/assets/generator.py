"""Writes the assets below ``/assets/``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican.generators import Generator


class AssetsGenerator(Generator):  # type: ignore[misc]
    """Writes what :func:`plugins.assets.prepare_assets` has made."""

    def generate_context(self) -> None:
        """Hand problems with the style sheets to the common list."""
        self.context["problems"].found.extend(self.settings["ASSET_PROBLEMS"])

    def generate_output(self, _writer: Any) -> None:
        """Write every asset under its fingerprinted name."""
        folder = Path(self.output_path, "assets")
        folder.mkdir(parents=True, exist_ok=True)
        for asset in self.settings["ASSETS"].values():
            (folder / asset.name).write_bytes(asset.content)
