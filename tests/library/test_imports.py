"""Which modules have a part in what one of them does: told by files, whatever is loaded."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial, wraps
from pathlib import Path
from types import ModuleType

import pytest

from plugins.library import code, imports
from plugins.library.code import code_of, modules_of
from plugins.library.imports import closure, imports_in
from tests.conftest import ROOT

Write = Callable[[Mapping[str, str]], None]


def forget() -> None:
    """Forget what is known of files: they are others now."""
    for known in (
        imports.hash_of, imports._listed, imports._place, imports._leads,
        code.code_version, code._code_of_modules,
    ):  # fmt: skip
        known.cache_clear()
    imports._LISTS.used.clear()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Return a function that writes modules where Python would look for them."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(imports._LISTS, "path", tmp_path / "lists")

    def written(modules: Mapping[str, str]) -> None:
        for name, source in modules.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        forget()

    forget()
    yield written
    forget()


SPELLINGS = {
    "absolute": "import mine.part",
    "several": "import json, mine.part as other",
    "from a package": "from mine import part",
    "from a module": "from mine.part import WORDS",
    "relative": "from . import part",
    "relative, of a module": "from .part import WORDS",
    "in a function": "def late():\n    from mine import part",
    "in a class": "class A:\n    import mine.part",
    "in a lambda": "late = lambda: __import__('mine.part')",
    "if it can be had": "try:\n    import mine.part\nexcept ImportError:\n    pass",
    "else than for type checkers": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import mine.part"
    ),
    "by name": "from importlib import import_module\nimport_module('mine.part')",
    "by name, with a dot": "import importlib\ndef late():\n    importlib.import_module('mine.part')",
    "everything": "from mine import *",
    "over two lines": "from mine \\\n    import (  # all\n        part,\n    )",
    "by another": "import mine.between",
    "in a circle": "import mine.circle",
}


@pytest.mark.parametrize("how", SPELLINGS)
def test_every_spelling_of_an_import_counts(write: Write, how: str) -> None:
    """And another version of what is imported is another version of what imports it."""
    modules = {
        "mine/__init__.py": "",
        "mine/maker.py": SPELLINGS[how],
        "mine/part.py": "WORDS = 1",
        "mine/between.py": "from mine.part import WORDS",
        "mine/circle.py": "import mine.maker\nimport mine.part",
    }
    write(modules)
    before = code.code_of_modules(["mine.maker"])
    assert {"mine", "mine.maker", "mine.part"} <= (closure(["mine.maker"]) or {}).keys()
    write({"mine/part.py": "WORDS = 2"})
    assert code.code_of_modules(["mine.maker"]) != before
    write({"mine/part.py": "WORDS = 1", "mine/else.py": "WORDS = 3"})
    assert (code.code_of_modules(["mine.maker"]) == before) == (how != "everything")


def test_what_only_type_checkers_read_does_not_count(write: Write) -> None:
    """Nor what is of Python, or of a package."""
    source = "import typing, json, jinja2\nif typing.TYPE_CHECKING:\n    from mine import part\n"
    write({"mine/__init__.py": "", "mine/maker.py": source, "mine/part.py": ""})
    assert (closure(["mine.maker"]) or {}).keys() == {"mine", "mine.maker"}


def test_a_package_counts_as_far_as_it_is_run(write: Write) -> None:
    """What its first file imports in a function is for those who import it from there."""
    write(
        {
            "mine/__init__.py": "import mine.first\ndef late():\n    import mine.later",
            "mine/first.py": "def late():\n    import mine.deeper",
            "mine/deeper.py": "",
            "mine/later.py": "",
            "mine/part.py": "",
            "other.py": "import mine.part",
            "asks.py": "from mine import late",
        }
    )
    run = {"mine", "mine.first", "mine.deeper", "mine.part"}
    assert (closure(["other"]) or {}).keys() == {"other", *run}
    assert (closure(["asks"]) or {}).keys() == {"asks", "mine", "mine.first", "mine.deeper", "mine.later"}
    write({"asks.py": "from mine import part"})
    assert (closure(["asks"]) or {}).keys() == {"asks", *run}
    write({"mine/__init__.py": "def __getattr__(name):\n    import mine.later"})
    assert (closure(["asks"]) or {}).keys() == {"asks", "mine", "mine.later", "mine.part"}


@pytest.mark.parametrize(
    "source",
    [
        "from importlib import import_module\ndef late(name):\n    return import_module(name)",
        "from importlib import import_module as load\ndef late():\n    return load('mine.part')",
        "import importlib\nfound = [*map(importlib.import_module, ['mine.part'])]",
        "def late(name):\n    return __import__(name)",
        "def late(words):\n    exec(words)",
        "import runpy\ndef late():\n    runpy.run_path('mine/part.py')",
        "from importlib.metadata import entry_points\nFOUND = entry_points(group='mine')",
        "from importlib import import_module\nimport_module('.part', 'mine')",
    ],
)
def test_who_may_load_anything_is_made_of_everything(write: Write, source: str) -> None:
    """Then all code at work counts; but not for those who only run the package that could."""
    write({"mine/__init__.py": source, "mine/maker.py": "import mine", "mine/part.py": ""})
    assert closure(["mine.maker"]) is None
    assert len(code.code_of_modules(["mine.maker"])) == 32
    at_once = "def " not in source or " as load" in source
    assert (closure(["mine.part"]) is None) == at_once


def test_what_cannot_be_read_is_never_found_again(write: Write) -> None:
    """Code that came from nowhere may be any; what is broken is told by its bytes."""
    write({"broken.py": "def broken(:"})
    assert (closure(["broken"]) or {}).keys() == {"broken"}
    assert closure(["nowhere"]) == {"nowhere": imports._UNKNOWN}
    assert closure(["json", "builtins", "jinja2.ext"]) == {}


def test_a_module_from_elsewhere_is_found_where_it_was_loaded_from(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pelican loads plugins from folders of its own."""
    write({"apart/plugged.py": "import mine.part", "mine/__init__.py": "", "mine/part.py": ""})
    module = ModuleType("plugged")
    module.__file__ = str(tmp_path / "apart" / "plugged.py")
    monkeypatch.setitem(sys.modules, "plugged", module)
    assert (closure(["plugged"]) or {}).keys() == {"plugged", "mine", "mine.part"}


def test_lists_are_kept_by_what_stands_in_files(write: Write, tmp_path: Path) -> None:
    """Nothing is parsed twice; a file of lists that is spoilt, or of another reader, is made anew."""
    lists = imports._LISTS
    write({"one.py": "import two", "two.py": ""})
    lists.lists = None
    assert (closure(["one"]) or {}).keys() == {"one", "two"}
    whole = (tmp_path / "lists").read_bytes()
    kept_lists: dict[bytes, imports.Imports] = dict(lists.lists or {})
    assert len(kept_lists) == 2
    for spoilt in (b"", whole[:-1], whole[:32] + pickle.dumps((b"another", {}))):
        (tmp_path / "lists").write_bytes(spoilt)
        lists.lists = None
        forget()
        assert (closure(["one"]) or {}).keys() == {"one", "two"}
        assert lists.lists == kept_lists
    assert (tmp_path / "lists").read_bytes() == whole


def wrapped(make: Callable[..., object]) -> Callable[..., object]:
    """Return a function that does what another one does."""

    @wraps(make)
    def again() -> object:
        return make()

    return again


def test_the_modules_of_a_maker_are_those_of_all_that_it_holds() -> None:
    """A function in a decorator, in a part of a call, in a value with fields, in a class above."""
    from plugins.common_thread.kinds.strategy import KIND, StrategyFront
    from plugins.library.text.as_html import to_html
    from plugins.library.text.reading import Reader

    assert set(modules_of(to_html)) == {"plugins.library.text.as_html"}
    assert "plugins.library.text.as_html" in {*modules_of(partial(sorted, key=to_html))}
    assert {"plugins.library.text.as_html", "functools"} >= {*modules_of(wrapped(to_html))} - {__name__}
    assert "plugins.library.text.as_html" in {*modules_of(wrapped(to_html))}
    assert "plugins.library.text.reading" in {*modules_of(Reader().read)}
    fronts = {
        "plugins.common_thread.kinds.strategy",
        "plugins.common_thread.fronts",
        "plugins.library.schema",
    }
    assert fronts <= {*modules_of(StrategyFront)}
    assert fronts | {"plugins.common_thread.kind", "plugins.library.kinds"} <= {*modules_of([KIND])}


def test_a_maker_is_made_of_what_it_needs_and_no_more() -> None:
    """What draws cards knows nothing of entries, what reads texts nothing of their HTML: that stays so."""
    needed = {
        "plugins.sharing.raster": ({"plugins.sharing.lettering"}, {"plugins.library.entries"}),
        "plugins.library.text.reading": (
            {"plugins.library.text.tree"},
            {"plugins.library.entries", "plugins.library.text.as_html"},
        ),
        "plugins.library.front_matter": ({"plugins.library.schema"}, {"plugins.library.text.body"}),
        "plugins.common_thread.pieces": ({"plugins.sharing.anchors"}, {"plugins.common_thread.planner"}),
        "plugins.common_thread.kinds.strategy": (
            {"plugins.common_thread.planner"},
            {"plugins.common_thread.site"},
        ),
        "publish.looks": ({"publish.addresses"}, {"plugins.library.entries"}),
        "plugins.library.rendering": ({"plugins.library.filters"}, {"plugins.common_thread.views"}),
    }
    for name, (wanted, unwanted) in needed.items():
        found = (closure([name]) or {}).keys()
        assert wanted <= found, name
        assert not unwanted & found, name


def test_the_hash_of_code_has_what_keeps_things_in_it() -> None:
    """With no maker it is that alone."""
    assert code_of() == code.code_of_modules([])
    assert code_of() != code_of(closure)
    assert "plugins.library.store" in (closure([code._KEEPERS]) or {})
    assert imports._place("plugins.library.store").file == str(ROOT / "plugins" / "library" / "store.py")


def test_no_import_is_read_out_of_what_is_no_python() -> None:
    """Whoever runs it will meet the fault."""
    assert imports_in(b"def broken(:") == imports.Imports()
    assert imports_in(b"\0") == imports.Imports()


def test_the_folder_one_works_in_is_searched_too(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pelican puts it on the search path as an empty name; a plugin of a site's own lies there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *(one for one in sys.path if one != str(tmp_path))])
    write({"mine.py": "WORDS = 1"})
    assert imports._place("mine").file == str(tmp_path / "mine.py")
    assert closure(["mine"]) == {"mine": imports.hash_of(str(tmp_path / "mine.py"))}
