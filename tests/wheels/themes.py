"""Two themes by others from PyPI, locked by hash, fetched once."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT
from tests.publish.servers import give_up

LOCK = Path(__file__).with_name("requirements-themes.lock")
THEMES = {"reflex": "pelican/themes/reflex", "engineering": "pelican_engineering_theme/theme"}


def fetched_themes() -> Path:
    """Return the folder the themes lie in; a pure wheel is installed by taking it apart."""
    folder = ROOT / ".cache" / "themes"
    stamp = folder / "ready"
    if not stamp.is_file() or stamp.read_bytes() != LOCK.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        words = [*pip, "--require-hashes", "-r", str(LOCK), "-d", str(folder)]
        if subprocess.run(words, capture_output=True, check=False).returncode:
            give_up("the themes could not be fetched")
        for wheel in folder.glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(folder)
        stamp.write_bytes(LOCK.read_bytes())
    return folder
