"""Same input, same bytes, wherever and whenever it is built."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

PARTS = ("content", "theme", "plugins", "publish", "pelican.conf.py", "publish.toml")


def build_elsewhere(folder: Path, **environment: str) -> dict[str, str]:
    """Copy the project to ``folder``, build it in a process of its own, and return the hash of each file."""
    folder.mkdir(parents=True)
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copyfile(source, folder / name)
    env = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    command = [sys.executable, "-m", "publish", "build", "--output", str(folder / "out")]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    files = sorted(path for path in (folder / "out").rglob("*") if path.is_file())
    return {
        path.relative_to(folder / "out").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_two_builds_are_the_same_to_the_byte(tmp_path: Path) -> None:
    """Another folder, time zone, locale, umask and hash seed change nothing."""
    one = build_elsewhere(tmp_path / "one", TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    before = os.umask(0o077)
    try:
        other = tmp_path / "another place" / "with space"
        two = build_elsewhere(other, TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8", PYTHONHASHSEED="4242")
    finally:
        os.umask(before)
    assert len(one) > 100
    assert one == two


def test_a_failing_command_ends_with_one_and_no_traceback(tmp_path: Path) -> None:
    """The command line prints the problems and exits with 1."""
    folder = tmp_path / "project"
    build_elsewhere(folder)
    (folder / "content/strategies/show-empathy.md").write_text("no front matter\n")
    env = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "publish", "build", "--output", str(folder / "out")]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "content/strategies/show-empathy.md:1: the file starts with 'no front matter'" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "out/index.html").is_file()
