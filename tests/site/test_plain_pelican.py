"""Plain Pelican makes the same site as the command; that adds only "aside, then swap"."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from publish.addresses import address_faults
from publish.owned import MARK
from tests.conftest import ROOT, Site


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but the list of what was written."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.name != MARK}


@pytest.mark.slow
def test_both_ways_give_the_same_bytes(site: Site, tmp_path: Path) -> None:
    """The same files, the same content, search index, worker and the hosts' files included."""
    command = [
        sys.executable,
        "-m",
        "pelican",
        "-s",
        "pelican.conf.py",
        "-o",
        str(tmp_path),
        "--fatal",
        "warnings",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert list(address_faults(tmp_path, "https://common-thread.example")) == []
    plain, ours = files_of(tmp_path), files_of(site.output)
    assert plain.keys() == ours.keys()
    assert [name for name, content in plain.items() if content != ours[name]] == []
