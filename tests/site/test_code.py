"""What is kept is made anew when code changes that has a part in it, in every store."""

from __future__ import annotations

import ast
import datetime as dt
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any

import jinja2
import pytest
from pelican.settings import read_settings

from plugins.common_thread.schemas import keep_schemas
from plugins.common_thread.site import finish_folder, finished, make_site, rendered_beside
from plugins.library import bodies, code, documents, front_matter, imports, pages, together
from plugins.library.natures import Former, Natures
from plugins.library.plans import Plans, Unit
from plugins.library.store import Store
from plugins.library.text import document
from plugins.library.writing import write
from plugins.problems import Problems
from publish.desk.facts import desk_view
from publish.prose import check_pages, read_pages
from publish.verify import verify_output
from tests.conftest import ROOT

STORES = {
    *("files", "trees", "bodies", "quizzes", "texts", "plans", "pages", "templates", "hashes"),
    *("titles", "shared", "schemas", "search", "looks", "prose", "desk"),
}
"""Every one there is."""


GIVEN = {
    "texts": {
        "plugins.library.asked",
        *(f"plugins.crosslinks.{name}" for name in ("graph", "nodes", "relations")),
    },
    "plans": {f"plugins.library.{name}" for name in ("documents", "filling", "patterns")},
}
"""Modules that are run, and whose answer is in the key: the numbers of sources, and the key of each text."""
Asked = Sequence[tuple[bytes, Callable[[], Any]]]
COMPILED, PLANNED = "compiled templates", "planned pages"
PUT = {"trees": "bodies", "hashes": "pages", "templates": COMPILED, "plans": PLANNED}
"""What is put into a store beside what was made just before."""


@dataclass(frozen=True)
class Made:
    """A value that was made: in which store, by what code it is told apart, and the modules that were run."""

    store: str
    content: bytes
    told_by: frozenset[bytes]
    run: frozenset[str]


@dataclass
class Watch:
    """Sees what is made, and which of our code is run for that.

    ``codes`` has the modules that each hash of code was asked for.
    """

    codes: dict[bytes, frozenset[str]] = field(default_factory=dict)
    recipes: dict[int, bytes] = field(default_factory=dict)
    whole: dict[bytes, bytes] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)
    runs: list[set[str]] = field(default_factory=list)

    def named(self, names: frozenset[str]) -> bytes:
        """Return the hash of code, and remember what it was asked for."""
        found = WHOLE(names)
        self.codes[found] = names
        return found

    @contextmanager
    def running(self) -> Iterator[set[str]]:
        """See which modules are run in this block, and in those around it."""
        run: set[str] = set()
        before = sys.getprofile()

        def see(frame: FrameType, event: str, _argument: object) -> None:
            if event == "call" and frame.f_code.co_filename in ours():
                run.add(ours()[frame.f_code.co_filename])

        self.runs.append(run)
        sys.setprofile(see)
        try:
            yield run
        finally:
            sys.setprofile(before)
            self.runs.pop()
            for outer in self.runs:
                outer |= run

    def note(self, store: Store, content: bytes, run: Iterable[str]) -> None:
        """Note that a value was made."""
        key = self.recipes[id(store)] + content
        assert store.path is not None
        told_by = frozenset(one for one in self.codes if one in key)
        self.made.append(Made(store.path.stem, content, told_by, frozenset(run)))

    def put(self, store: Store, content: bytes) -> None:
        """Note a value that was put in beside another one."""
        assert store.path is not None
        source = PUT.get(store.path.stem)
        made = [one for one in self.made if one.store == source and one.content in (b"", content)]
        if source:
            assert made
            self.note(store, content, {name for one in made for name in one.run})

    def told(self, made: Made) -> frozenset[str]:
        """Return the modules whose change would have a value made anew."""
        return frozenset(name for one in made.told_by for name in modules_behind(self.codes[one]))


WHOLE = code._code_of_modules


@cache
def ours() -> dict[str, str]:
    """Return the name of each module of ours by its file."""
    files = (path for room in ("plugins", "publish") for path in (ROOT / room).rglob("*.py"))
    return {
        str(path): ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in files
    }


@cache
def modules_behind(names: frozenset[str]) -> frozenset[str]:
    """Return the modules that a hash of code is of; all, if that may be any."""
    found = imports.closure({*names, code._KEEPERS})
    return frozenset(ours().values()) if found is None else frozenset(found)


@cache
def looked_into(name: str) -> frozenset[str]:
    """Return the modules that a module takes anything from while it runs, read in a second way."""
    (file,) = (file for file, one in ours().items() if one == name)
    package = name if file.endswith("__init__.py") else name.rpartition(".")[0]
    found: set[str] = set()
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    choices = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    checked = [node for node in choices if "TYPE_CHECKING" in ast.dump(node.test)]
    skipped = {id(part) for node in checked for part in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
            continue
        above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
        module = ".".join([*above, *([node.module] if node.module else [])])
        found |= {module, *(f"{module}.{one.name}" for one in node.names)}
    return frozenset(found & {*ours().values()})


def build(folder: Path) -> None:
    """Make all that is made of a small library, and keep it in ``folder``."""
    for part in ("cards", "fonts", "pictures"):
        (folder / "kept" / part).parent.mkdir(exist_ok=True)
        (ROOT / ".cache" / part).mkdir(parents=True, exist_ok=True)
        (folder / "kept" / part).symlink_to(ROOT / ".cache" / part)
    shutil.copytree(ROOT / "tests" / "hostile" / "library", folder / "content")
    places = {"PATH": str(folder / "content"), "KEPT_IN": str(folder / "kept")}
    settings = read_settings(str(ROOT / "pelican.conf.py"), override={"MAIN_COUNTRIES": ["GB"], **places})
    problems, output, kept = Problems(), folder / "output", folder / "kept" / "kept"
    site = make_site(settings, problems)
    former = Former(folder / "none", Natures())
    write(output, rendered_beside(site, former), finished(site), former=former)
    finish_folder(output, site)
    library = site.resolved.library
    keep_schemas(folder / "kept", site.resolved.kinds, library.entries.values())
    verify_output(output, library, site.frame.origin, problems, kept)
    check_pages(read_pages(library), kept)
    desk_view(site.resolved, dt.date(2026, 1, 1), kept)


def watched(folder: Path, patch: pytest.MonkeyPatch) -> Watch:
    """Build from nothing, and return what was made and how."""
    watch = Watch()
    opened, asked_for, packed = Store.__post_init__, Store.get_all, Store.put_packed

    def post_init(self: Store) -> None:
        recipe = watch.whole.get(self.recipe, self.recipe)
        opened(self)
        watch.recipes[id(self)] = watch.whole[self.recipe] = recipe
        KEPT_ALIVE.append(self)

    def get_all(self: Store, asked: Asked, *more: Any, **others: Any) -> Any:
        def make(content: bytes, maker: Callable[[], Any]) -> Any:
            with watch.running() as run:
                value = maker()
            watch.note(self, content, run)
            return value

        return asked_for(self, [(key, partial(make, key, one)) for key, one in asked], *more, **others)

    def put_packed(self: Store, content: bytes, value: bytes) -> None:
        watch.put(self, content)
        packed(self, content, value)

    compiled = jinja2.Environment.compile

    def compile_template(self: jinja2.Environment, *given: Any, **others: Any) -> Any:
        with watch.running() as run:
            result = compiled(self, *given, **others)
        watch.made.append(Made(COMPILED, b"", frozenset(), frozenset(run)))
        return result

    patch.setattr(Store, "__post_init__", post_init)
    patch.setattr(Store, "get_all", get_all)
    patch.setattr(Store, "put_packed", put_packed)
    patch.setattr(jinja2.Environment, "compile", compile_template)
    planned = Plans._planned

    def plan(self: Plans, unit: Unit) -> Any:
        with watch.running() as run:
            result = planned(self, unit)
        watch.made.append(Made(PLANNED, b"", frozenset(), frozenset(run)))
        return result

    patch.setattr(Plans, "_planned", plan)
    patch.setattr(code, "_code_of_modules", watch.named)
    patch.setattr(together, "_cores", lambda: 1)
    for module in (bodies, documents, front_matter, pages):  # so that a key shows what went into it
        patch.setattr(module, "digest", lambda content: content)
    build(folder)
    return watch


KEPT_ALIVE: list[Store] = []
"""So that no two have one number."""


def forgotten(watch: Watch) -> dict[str, set[str]]:
    """Return for each store the modules that have a part in what it keeps, without telling it apart."""
    found: dict[str, set[str]] = {}
    for made in watch.made:
        needed = {*made.run, *(name for one in made.run for name in looked_into(one))}
        missing = needed - watch.told(made) - GIVEN.get(made.store, set())
        if missing and made.store in STORES:
            found.setdefault(made.store, set()).update(missing)
    return found


def test_whatever_is_run_to_make_a_value_tells_it_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every store: each module that was run, and each that one of these takes something from.

    And whichever module of ours is changed, harmlessly, those values have another key that it has a part in.
    """
    watch = watched(tmp_path, monkeypatch)
    assert {one.store for one in watch.made} - {COMPILED, PLANNED} == STORES
    assert forgotten(watch) == {}
    before = {names: WHOLE(names) for names in watch.codes.values()}
    bytes_of = imports.hash_of
    for file, name in ours().items():
        behind = {names: name in modules_behind(names) for names in before}
        forget_codes()
        monkeypatch.setattr(
            imports, "hash_of", lambda one, file=file: b"changed" if one == file else bytes_of(one)
        )
        monkeypatch.setattr(code, "hash_of", imports.hash_of)
        changed = {names for names, known in before.items() if WHOLE(names) != known}
        assert changed == {names for names, is_behind in behind.items() if is_behind}, name


def forget_codes() -> None:
    """Have hashes of code worked out anew."""
    code.code_version.cache_clear()
    WHOLE.cache_clear()


FORGET: dict[str, tuple[Any, str, Callable[..., object]]] = {
    "bodies": (bodies, "code_of", lambda *_: b""),
    "texts": (documents, "code_of", lambda *_: b""),
    "pages": (pages, "code_of_modules", lambda _: b""),
}
"""A part of the code that each of these is told by, left out on purpose."""


@pytest.mark.parametrize("store", [*FORGET, "made of texts"])
def test_code_that_is_forgotten_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str) -> None:
    """What is run shows it."""
    module, name, forget_it = FORGET.get(store, (document, "code_of", lambda *_: b""))
    monkeypatch.setattr(module, name, forget_it)
    assert ("texts" if store == "made of texts" else store) in forgotten(watched(tmp_path, monkeypatch))
