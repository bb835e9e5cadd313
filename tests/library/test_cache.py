"""The cache saves time, and nothing depends on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.assets.fonts import heading_font
from plugins.library.cache import check_cache, kept
from plugins.problems import Problems
from tests.publish.faults import small_disk


def never() -> bytes:
    """Fail: it was kept."""
    raise AssertionError("made again")


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    """Nothing but the one file is left."""
    assert kept(tmp_path / "a" / "b", lambda: b"made") == b"made"
    assert kept(tmp_path / "a" / "b", never) == b"made"
    assert list((tmp_path / "a").iterdir()) == [tmp_path / "a" / "b"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"",
        lambda raw: raw[:-1],
        lambda raw: raw[:20],
        lambda raw: raw + b"x",
        lambda raw: b"made",
    ],
)
def test_what_is_not_whole_is_made_again(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    """Cut off anywhere, added to, or written by somebody else."""
    kept(tmp_path / "x", lambda: b"made")
    (tmp_path / "x").write_bytes(spoil((tmp_path / "x").read_bytes()))
    assert kept(tmp_path / "x", lambda: b"made anew") == b"made anew"
    assert kept(tmp_path / "x", never) == b"made anew"


@pytest.mark.parametrize("make", [lambda path: path.touch(), lambda path: path.symlink_to("nowhere")])
def test_a_cache_that_is_no_folder_is_gone_without_and_said(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    """A build with a file in the place of the cache is right, and one warning says why it is slow."""
    make(tmp_path / ".cache")
    assert kept(tmp_path / ".cache" / "fonts" / "x", lambda: b"made") == b"made"
    problems = Problems()
    check_cache(tmp_path, problems)
    (warning,) = problems.warnings
    assert "Remove .cache" in str(warning)
    assert not problems.errors


def test_a_part_of_the_cache_that_is_a_file_is_said(tmp_path: Path) -> None:
    """Each kind of thing has a folder of its own."""
    (tmp_path / ".cache").mkdir()
    problems = Problems()
    check_cache(tmp_path, problems)
    assert not problems.found
    (tmp_path / ".cache" / "fonts").touch()
    check_cache(tmp_path, problems)
    assert [problem.path for problem in problems.warnings] == [".cache/fonts"]


def test_a_cache_on_a_full_disk_is_gone_without(tmp_path: Path) -> None:
    """What could not be written to its end is not taken for whole."""
    unmount = small_disk("16k")(tmp_path)
    try:
        assert kept(tmp_path / "x", lambda: b"x" * 50_000) == b"x" * 50_000
        assert kept(tmp_path / "x", lambda: b"y" * 50_000) == b"y" * 50_000
    finally:
        unmount()


@pytest.mark.slow
def test_half_a_font_does_not_go_out(tmp_path: Path) -> None:
    """It is looked at to the byte."""
    font = heading_font(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-100])
    assert heading_font(tmp_path) == font
