"""The processes behind the preview: none works with code or settings of yesterday."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from functools import partial
from importlib.util import module_from_spec
from pathlib import Path

import pytest

from plugins.library import store
from plugins.library.memory import Memory
from publish.preview import spare
from publish.preview.rebuilding import theme_of
from publish.preview.spare import Compiled, Finder
from publish.preview.watching import Snapshot
from publish.site_settings import site_settings


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a module of ours that says 1."""
    monkeypatch.setattr(spare, "ROOT", tmp_path)
    path = tmp_path / "plugins" / "spare_one.py"
    path.parent.mkdir()
    path.write_text("WORDS = 1\n", encoding="utf-8")
    os.utime(path, (1, 1))
    return path


def says(compiled: Compiled, path: Path) -> int:
    """Return what a module says that is imported now."""
    spec = Finder(compiled).find_spec(f"plugins.{path.stem}", [str(path.parent)])
    assert spec is not None
    assert spec.loader is not None
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    number: int = loaded.WORDS
    return number


def test_a_module_is_what_stands_in_it_whatever_the_clock_says(module: Path) -> None:
    """Of one size and one second are two versions; Python itself would take the older one."""
    compiled = Compiled()
    assert says(compiled, module) == 1
    for _ in compiled.renew():
        pass
    assert len(compiled.codes) == 1
    module.write_text("WORDS = 2\n", encoding="utf-8")
    assert says(compiled, module) == 2
    for _ in compiled.renew():
        pass
    os.utime(module, (1, 1))
    assert says(compiled, module) == 2
    assert len(compiled.codes) == 1


def test_what_cannot_be_compiled_is_left_to_whoever_imports_it(module: Path) -> None:
    """And so is what is not ours."""
    module.write_text("def broken(:\n", encoding="utf-8")
    compiled = Compiled()
    for _ in compiled.renew():
        pass
    assert compiled.codes == {}
    with pytest.raises(SyntaxError):
        says(compiled, module)
    assert Finder(compiled).find_spec("json") is None


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process stay, as it were."""
    monkeypatch.setattr(store, "MEMORY", Memory())
    yield


@pytest.mark.usefixtures("memory")
def test_a_theme_at_hand_is_that_of_the_settings() -> None:
    """Settings may change while files do not."""
    settings = site_settings()
    theme = theme_of(settings)
    assert theme_of(settings) is theme
    fewer = theme_of({**settings, "STYLESHEETS": settings["STYLESHEETS"][:-1]})
    assert {one.name for one in fewer.assets.values()} != {one.name for one in theme.assets.values()}


def test_a_checkout_of_a_thousand_files_is_one_change_or_none(tmp_path: Path) -> None:
    """Told by content: files that are touched, or gone and back, are none."""
    git = partial(subprocess.run, cwd=tmp_path, check=True, capture_output=True)
    as_us = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    names = {f"content/faq/question-{number}.md" for number in range(1_000)}
    (tmp_path / "content" / "faq").mkdir(parents=True)
    git(["git", "init", "-q"])
    for words in ("one", "two"):
        for name in names:
            (tmp_path / name).write_text(f"{words} {name}\n", encoding="utf-8")
        git(["git", "add", "content"])
        git([*as_us, "commit", "-q", "-m", words])
    snapshot = Snapshot(tmp_path, ["content"])
    assert snapshot.refresh() == names
    for name in names:
        os.utime(tmp_path / name)
    assert snapshot.refresh() == set()
    git(["git", "checkout", "-q", "HEAD~1"])
    assert snapshot.refresh() == names
    git(["git", "checkout", "-q", "-"])
    git(["git", "checkout", "-q", "HEAD~1"])
    assert snapshot.refresh() == set()
    assert len(snapshot._known) == len(names)
