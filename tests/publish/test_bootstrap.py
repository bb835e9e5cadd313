"""What publish.sh installs before anything runs.

By hash, and ready-made, so that no package's own code runs on the way.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.publish.servers import ROOT

TOOL = """#!/bin/sh
# Stands for python, uv and what they make: notes what it is asked, and copies itself to where it is expected.
printf '%s\\n' "$*" >> "$CALLS"
case "$*" in
    "-m venv "* | "venv "*) for venv in "$@"; do :; done; mkdir -p "$venv/bin"; cp "$0" "$venv/bin/python" ;;
esac
"""


@pytest.mark.parametrize(
    ("tool", "wheels_only"),
    [("python3", "--require-hashes --only-binary :all: -r"), ("uv", "--require-hashes --no-build")],
)
def test_only_wheels_are_installed_and_only_by_hash(tmp_path: Path, tool: str, wheels_only: str) -> None:
    """With pip, and with uv where that is there."""
    for name in ("publish.sh", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in {"python3", tool}:
        (tools / name).write_text(TOOL, encoding="utf-8")
        (tools / name).chmod(0o755)
    for name in ("sh", "cmp", "cp", "mkdir", "rm", "dirname"):
        (tools / name).symlink_to(str(shutil.which(name)))
    calls = tmp_path / "calls"
    done = subprocess.run(
        ["sh", str(tmp_path / "publish.sh"), "check"],
        env={"PATH": str(tools), "CALLS": str(calls)},
        check=False,
    )
    assert done.returncode == 0
    said = calls.read_text(encoding="utf-8").splitlines()
    assert any(wheels_only in line and "requirements.lock" in line for line in said), said
    assert said[-1] == "-m publish check"
