"""Temp folders: gone when a command ends, and after a kill when the next one starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from publish.scratch import MARK, remove_abandoned, scratch_folder
from tests.conftest import ROOT

HOLD = """
import sys, time
from publish.scratch import scratch_folder
with scratch_folder("try") as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""
LEAVES = """
import tempfile
def test_leaves_something():
    {line}
"""


@pytest.fixture(autouse=True)
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use a temp folder that nobody else uses."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def test_nothing_stays_when_the_block_ends(temp: Path) -> None:
    """Not even after an error."""
    with pytest.raises(ZeroDivisionError), scratch_folder("try") as folder:
        (folder / "file").write_text("x", encoding="utf-8")
        assert list(folder.parent.parent.iterdir()) == [folder.parent]
        raise ZeroDivisionError
    assert list(temp.iterdir()) == []


def test_what_a_kill_leaves_goes_with_the_next_start_and_what_is_in_use_stays(temp: Path) -> None:
    """A folder is removed as soon as nobody holds it, and not before."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        held = Path(other.stdout.readline().strip())
        with scratch_folder("mine"):
            assert held.is_dir()
        other.send_signal(signal.SIGKILL)
    assert held.is_dir()
    with scratch_folder("mine"):
        assert not held.parent.exists()
    assert list(temp.iterdir()) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda place: place.mkdir(),
        lambda place: place.write_text("x", encoding="utf-8"),
        lambda place: place.symlink_to("/etc"),
    ],
    ids=["folder", "file", "link"],
)
def test_what_is_not_marked_is_never_removed(temp: Path, make: Callable[[Path], object]) -> None:
    """A name alone makes nothing ours."""
    place = temp / "common-thread-letters"
    make(place)
    remove_abandoned()
    assert os.path.lexists(place)


def test_a_link_to_a_marked_folder_is_not_followed(temp: Path, tmp_path: Path) -> None:
    """Somebody else's folder can't be given away by a link."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / MARK).touch()
    (temp / "common-thread-x").symlink_to(tmp_path / "elsewhere")
    remove_abandoned()
    assert (tmp_path / "elsewhere" / MARK).exists()


@pytest.mark.slow
@pytest.mark.parametrize(("line", "status"), [("tempfile.mkdtemp(prefix='forgotten')", 1), ("pass", 0)])
def test_a_test_run_that_leaves_something_fails(temp: Path, tmp_path: Path, line: str, status: int) -> None:
    """Each run has a temp folder of its own, and looks into it at the end."""
    (tmp_path / "test_it.py").write_text(LEAVES.format(line=line), encoding="utf-8")
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.temp",
        "-c",
        os.devnull,
        "--rootdir",
        str(tmp_path),
    ]
    done = subprocess.run(
        [*words, "-p", "no:cacheprovider", str(tmp_path / "test_it.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Left in the temp folder: forgotten" in done.stdout) == (status, bool(status)), (
        done.stdout
    )
    assert list(temp.iterdir()) == []
