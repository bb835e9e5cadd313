"""The command itself: one line a fault, exit 1, the last build as it was, nothing left behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.hostile.bench import bounded, run_command, set_up
from tests.hostile.table import LIBRARY, read_table, spoil

pytestmark = pytest.mark.slow
NAMES = (
    "an entry is a pipe",
    "a drawing is a huge file with nothing in it",
    "front matter nested nine thousand deep",
    "a turn to the left in a title, escaped",
    "an entry's name has a bell",
    "a band far away, below: 60",
    "a drawing with an address escaped",
    "a photo thirteen thousand pixels square",
    "the file of sources is no YAML",
)
CASES = read_table()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the small library, built once."""
    folder = tmp_path_factory.mktemp("command")
    content = Path(shutil.copytree(LIBRARY, folder / "content"))
    set_up(content)
    result = bounded(lambda: dict(zip(("status", "said"), run_command(content), strict=True)))
    assert result.get("status") == 0, result
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    """Return every file of a build."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_build_that_is_refused_leaves_everything_as_it_was(name: str, built: Path) -> None:
    """What is told is the one problem and its count; no traceback, no file more or less, no byte changed."""
    case = CASES[name]
    before, beside = everything(built / "output"), sorted(path.name for path in built.iterdir())
    shutil.rmtree(built / "content")
    content = Path(shutil.copytree(LIBRARY, built / "content"))
    spoil(case, content)
    result = bounded(lambda: dict(zip(("status", "said"), run_command(content), strict=True)))
    assert result.get("status") == 1, result
    problem, empty, count = result["said"].rstrip("\n").split("\n")
    assert problem.startswith(case.place)
    assert problem.isprintable()
    assert (empty, count) == ("", "1 problem. Nothing was published.")
    assert everything(built / "output") == before
    assert sorted(path.name for path in built.iterdir()) == beside
