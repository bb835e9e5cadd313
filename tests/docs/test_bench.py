"""What builds are measured with is a library as good as ours, and another folder can be built."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from pelican.settings import read_settings

from plugins.common_thread.site import make_site
from plugins.problems import Problems
from publish.cli import content_folder
from tests.conftest import ROOT


def bench(name: str) -> Any:
    """Return a module of ``docs/bench``."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "bench" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_comparison_asks_all_for_the_same(tmp_path: Path) -> None:
    """One that shows an old title, or no mention, ends the run; ours is right after every step."""
    beside = bench("beside")
    ours = next(beside.tools(""))
    beside.compare(20, 1, [ours], tmp_path)
    assert {step: len(times) for step, times in ours.times.items()} == dict.fromkeys(
        ("cold", "nothing changed", "one touched"), 1
    )
    assert beside.table([ours]).count("\n") == 2
    page = tmp_path / "ours" / "output" / "obstacles" / "obstacles-7" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("strategies", "x"), encoding="utf-8")
    with pytest.raises(SystemExit, match="does not"):
        beside.check(ours, tmp_path / "ours", beside.corpus(20))


@pytest.mark.slow
def test_a_grown_library_has_no_problems(tmp_path: Path) -> None:
    """Every entry more is published, and joined to others; the same number gives the same files."""
    module = bench("grow")
    for name in ("one", "two"):
        module.grow(20, tmp_path / name / "content")
    one, two = (sorted((tmp_path / name).rglob("*.md")) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    places = {"PATH": str(tmp_path / "one" / "content"), "KEPT_IN": str(tmp_path / "kept")}
    site = make_site(read_settings(str(ROOT / "pelican.conf.py"), override=places), Problems())
    library, graph = site.resolved.library, site.resolved.graph
    assert {f"strategies-{at}" for at in range(10)} <= library.entries.keys()
    assert all(graph.outgoing(library.entries[f"strategies-{at}"], "addresses") for at in range(10))
    assert sum(len(graph.incoming(library.entries[f"obstacles-{at}"], "mentions")) for at in range(4)) > 0


def test_another_folder_has_to_be_called_content(tmp_path: Path) -> None:
    """Problems name files below ``content/``; under any other name they would lead nowhere."""
    (tmp_path / "content").mkdir()
    assert content_folder(str(tmp_path / "content")) == tmp_path / "content"
    for value in (tmp_path, tmp_path / "nothing" / "content"):
        with pytest.raises(argparse.ArgumentTypeError, match="is no folder called content"):
            content_folder(str(value))
