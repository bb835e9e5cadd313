"""A full disk: said in words, nothing half done, and a way out of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from publish.deploy.config import DirConfig
from publish.deploy.engine import Run, Wishes, deploy, prune, rollback
from publish.deploy.outcome import DeployError
from publish.deploy.server import DirTarget
from tests.publish.faults import small_disk
from tests.publish.sites import make_site

URL = "https://library.example.org"


@pytest.fixture
def target(tmp_path: Path) -> Iterator[DirTarget]:
    """A target on a disk of three megabytes."""
    base = tmp_path / "published"
    base.mkdir()
    undo = small_disk("3m")(base)
    try:
        yield DirTarget("dir", DirConfig.model_validate({"kind": "dir", "path": base}), str(base))
    finally:
        undo()


def publish(target: DirTarget, build: int, ballast: int = 0) -> str:
    """Publish a build."""
    folder = Path(target.base).parent
    site = make_site(folder / f"site-{build}", build, URL, ballast=ballast)
    return deploy(target, site, folder, Wishes(), print).release


@pytest.mark.slow
def test_a_release_that_would_not_fit_is_not_sent(target: DirTarget) -> None:
    """What cannot fit is refused in words before a byte of it is sent."""
    first = publish(target, 1)
    with pytest.raises(
        DeployError, match=r"the disk is full at .*: the release needs 6\d{3} kB, \d+ kB are free"
    ) as caught:
        publish(target, 2, ballast=6_000_000)
    assert caught.value.ending == f"Nothing new is published; readers have release {first}, as before."
    assert list((Path(target.base) / "incoming").iterdir()) == []
    assert publish(target, 3)


@pytest.mark.slow
def test_on_a_full_disk_one_can_go_back_and_make_room(
    target: DirTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up on the way ends the deploy in words; going back and pruning work on it."""
    base = Path(target.base)
    first, second = publish(target, 1), publish(target, 2)
    with (
        monkeypatch.context() as patch,
        pytest.raises(DeployError, match=r"the disk is full at .*prune --keep 1") as caught,
    ):
        patch.setattr(Run, "_check_room", lambda *_: None)
        publish(target, 3, ballast=6_000_000)
    assert caught.value.ending == f"Nothing new is published; readers have release {second}, as before."
    assert list((base / "incoming").iterdir()) == []
    _fill(base / "ballast")
    with pytest.raises(DeployError, match="the disk is full"):
        publish(target, 4)
    assert rollback(target, None)[0] == first
    assert target.state().live == first
    assert prune(target, 1, even_recent=True) == ([], 0)
    assert rollback(target, second)[0] == second
    assert prune(target, 1, even_recent=True)[0] == [first]
    (base / "ballast").unlink()
    assert publish(target, 5)


def _fill(path: Path) -> None:
    """Fill the disk to the last byte."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
