"""What the settings file says, for commands that run without Pelican."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plugins.common_thread.kind import AnyKind
    from plugins.library.kinds import Kinds

ROOT = Path(__file__).resolve().parent.parent


def site_settings() -> dict[str, Any]:
    """Return the settings of ``pelican.conf.py``."""
    return runpy.run_path(str(ROOT / "pelican.conf.py"))


def site_kinds() -> Kinds[AnyKind]:
    """Return the kinds of the site."""
    from plugins.common_thread.kinds import load_kinds  # what only reads the settings needs none of it

    return load_kinds(site_settings()["KIND_MODULES"])[0]
