"""Same input, same bytes, wherever and whenever it is built."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

PARTS = ("content", "theme", "plugins", "publish", "pelican.conf.py", "publish.toml")


def copy_project(folder: Path) -> Path:
    """Copy all that a build reads."""
    folder.mkdir(parents=True)
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copyfile(source, folder / name)
    return folder


def run_build(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build the project at ``folder`` in a process of its own."""
    env = {
        **os.environ,
        "PYTHONUTF8": "1",
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        **environment,
    }
    command = [sys.executable, "-m", "publish", "build", "--output", str(folder / "out")]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file that was built there."""
    files = sorted(path for path in (folder / "out").rglob("*") if path.is_file())
    return {
        path.relative_to(folder / "out").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_builds_are_the_same_to_the_byte_and_a_failing_one_changes_nothing(
    tmp_path: Path, cache: Path
) -> None:
    """Another folder, time zone, locale, umask, hash seed and an empty cache change nothing.

    Problems exit with 1.
    """
    one = copy_project(tmp_path / "one")
    (one / ".cache").symlink_to(cache)
    done = run_build(one, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    assert done.returncode == 0, done.stderr
    before = os.umask(0o077)
    try:
        other = copy_project(tmp_path / "another place" / "with space")
        done = run_build(other, TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8", PYTHONHASHSEED="4242")
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    first = hashes(one)
    assert len(first) > 100
    assert first == hashes(other)
    (one / "content/strategies/show-empathy.md").write_text("no front matter\n", encoding="utf-8")
    done = run_build(one)
    assert done.returncode == 1
    assert "content/strategies/show-empathy.md:1: the file starts with 'no front matter'" in done.stderr
    assert "Traceback" not in done.stderr
    assert hashes(one) == first
