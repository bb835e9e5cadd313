"""The wheels of the plugins that others can install, and an environment in which they are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pelican
import pytest

from tests.conftest import ROOT

NAMES = ("problems", "crosslinks", "quiz")
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, zipfile.ZipFile]:
    """Build each wheel from a copy of its folder."""
    folder, made = tmp_path_factory.mktemp("sources"), {}
    for name in NAMES:
        here = shutil.copytree(
            ROOT / "plugins" / name,
            folder / name,
            ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"),
        )
        subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=here, check=True, capture_output=True)
        (wheel,) = folder.glob(f"pelican_{name}-*-py3-none-any.whl")
        made[name] = zipfile.ZipFile(wheel)
    return made


@pytest.fixture(scope="session")
def python(wheels: dict[str, zipfile.ZipFile], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment with Pelican, the wheels, and nothing of this site."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    # A pure wheel is installed by taking it apart.  Pelican has to lie beside them, others may lie elsewhere.
    shutil.copytree(Path(pelican.__file__).parent, packages / "pelican")
    for wheel in wheels.values():
        wheel.extractall(packages)
    (packages / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return folder / "bin" / "python"


def run(python: Path, folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the interpreter in a folder; what it says is UTF-8, whatever other tests made of the locale."""
    return subprocess.run(
        [str(python), *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "COLUMNS": "200"},
        check=False,
    )
