"""What a command loads: as little as it needs."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import pytest

from publish import build_command
from publish.build_command import run_build
from publish.loading import loading
from tests.conftest import ROOT

FIRST = """
import publish.build
from types import SimpleNamespace
def make(output, site_url, **_others):
    output.mkdir()
    return SimpleNamespace(output=output, entries=1, held=0, seconds=0.1, warnings=[])
publish.build.build = make
"""
COMMAND = """
import json, sys
from publish.cli import main
status = main(sys.argv[1:])
print(json.dumps([*sys.modules]))
sys.exit(status)
"""


def run(script: str, *words: str) -> list[str]:
    """Run a script in a process of its own, and return the lines it wrote."""
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_where_nothing_has_changed_nothing_that_makes_a_site_is_loaded(tmp_path: Path) -> None:
    """Neither Pelican nor a model, a template, a picture or a page."""
    page = tmp_path / "content" / "page.md"
    page.parent.mkdir()
    page.write_text("A page.")
    words = ["build", "--output", str(tmp_path / "out"), "--content", str(page.parent)]
    run(FIRST + COMMAND, *words)
    told, modules = run(COMMAND, *words)
    assert told.startswith("Nothing has changed")
    loaded = {name.partition(".")[0] for name in json.loads(modules)}
    assert loaded.isdisjoint({"pelican", "pydantic", "jinja2", "markdown", "markdown_it", "yaml", "PIL"})
    assert {"plugins.common_thread.site", "publish.build"}.isdisjoint(json.loads(modules))


def test_whoever_reads_the_library_needs_no_pelican() -> None:
    """A check, or a new entry, is made with the kinds and nothing that builds."""
    script = "import sys, publish.check, publish.new, publish.site_settings as s; s.site_kinds(); "
    assert run(script + "print('pelican' in sys.modules, 'pydantic' in sys.modules)") == ["False True"]


def test_a_build_puts_no_validator_together_before_something_is_validated() -> None:
    """Nor does it load what it needs for schemas and new cards only, while these are kept."""
    script = """
import sys, publish.build, plugins.common_thread.generator
from plugins.common_thread.kinds import load_kinds
from plugins.problems.models import Strict
from publish.site_settings import site_settings
load_kinds(site_settings()["KIND_MODULES"])
def below(model):
    return [model, *(one for inner in model.__subclasses__() for one in below(inner))]
models = below(Strict)[1:]
print(len(models) > 20, [one.__name__ for one in models if one.__pydantic_complete__])
print([name for name in ("fontTools", "plugins.common_thread.data_schemas") if name in sys.modules])
"""
    assert run(script) == ["True []", "[]"]


def test_the_collector_is_off_while_something_is_loaded() -> None:
    """And at work again behind it, whatever happened."""
    assert gc.isenabled()
    try:
        with loading():
            assert not gc.isenabled()
            raise ImportError
    except ImportError:
        assert gc.isenabled()


@pytest.mark.parametrize("changes", [False, True])
def test_what_is_built_while_the_code_changes_is_not_kept(
    changes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell which of the two made it."""
    states = iter([b"old", b"new" if changes else b"old"])
    asked: dict[str, object] = {}

    def build(output: Path, _url: str | None, **others: object) -> SimpleNamespace:
        asked.update(others)
        return SimpleNamespace(output=output, entries=1, held=0, seconds=0.1, warnings=[])

    monkeypatch.setattr(build_command, "_code", lambda: next(states))
    monkeypatch.setattr("publish.build.build", build)
    options = {"output": tmp_path / "output", "content": tmp_path / "content", "target": "", "site_url": None}
    assert run_build(Namespace(**options, no_cache=False, profile=True)) == 0
    assert ("KEPT_IN" in asked) is changes
