"""What builds are measured with is a library as good as ours, and another folder can be built."""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import pytest
from pelican.settings import read_settings

from plugins.common_thread.site import make_site
from plugins.problems import Problems
from publish.cli import content_folder
from tests.conftest import ROOT


def test_a_grown_library_has_no_problems(tmp_path: Path) -> None:
    """Every entry more is published, and joined to others; the same number gives the same files."""
    spec = importlib.util.spec_from_file_location("grow", ROOT / "docs" / "bench" / "grow.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
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
