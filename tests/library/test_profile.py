"""Where the time goes is told by stage, and asked by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.library.profile import profiling, stage
from plugins.library.store import store


def test_a_stage_tells_what_was_made_and_what_was_kept(tmp_path: Path) -> None:
    """In the order of the stages, with a sum at the end."""
    for made, kept in ((1, 0), (0, 1)):
        with profiling() as profile:
            with stage("read"), store(tmp_path / "x", b"") as things:
                things.get(b"leaf", lambda: "tea")
            with stage("write"):
                pass
        read, write = profile.stages
        assert (read.name, read.made, read.kept) == ("read", made, kept)
        assert (write.name, write.made, write.kept) == ("write", 0, 0)
        assert [line.split()[0] for line in str(profile).splitlines()] == ["read", "write", "all"]


def test_a_stage_that_fails_is_told(tmp_path: Path) -> None:
    """Whoever looks for the time sees where it ended."""
    with pytest.raises(KeyError), profiling() as profile, stage("read"):
        raise KeyError
    assert [one.name for one in profile.stages] == ["read"]


def test_outside_of_a_profile_nothing_is_noted(tmp_path: Path) -> None:
    """A build that nobody asked costs nothing."""
    with profiling() as profile:
        pass
    with stage("read"), store(tmp_path / "x", b"") as things:
        things.get(b"leaf", lambda: "tea")
    assert profile.stages == []
