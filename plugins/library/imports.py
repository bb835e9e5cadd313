"""Which modules of ours a module imports, and which these do: by what stands in files, not by what runs.

Counted is every import that may happen: inside a function, relative, of a submodule, by a name in
quotation marks.  Not counted is what stands under ``if TYPE_CHECKING``.  Whoever imports ``a.b``
runs ``a/__init__.py`` too; of that, only what it imports while it is run counts.

What a file imports is kept by the hash of its bytes, beside what Python keeps of modules.
"""

from __future__ import annotations

import ast
import os
import pickle
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from importlib.machinery import all_suffixes
from importlib.util import cache_from_source
from pathlib import Path
from typing import NamedTuple

from plugins.library.cache import kept

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = tuple(
    dict.fromkeys(
        (
            *(sysconfig.get_path(name) for name in ("purelib", "platlib")),
            *(path for path in sys.path if path.endswith(("site-packages", "dist-packages"))),
        )
    )
)
"""The folders that packages are installed in."""
FOREIGN = (*PACKAGES, sysconfig.get_path("stdlib"))
_BY_NAME = {"import_module", "__import__"}
_BY_ANYTHING = _BY_NAME | {
    *("exec", "eval", "run_module", "run_path", "entry_points", "iter_modules", "walk_packages"),
    *("exec_module", "load_module", "spec_from_file_location", "module_from_spec"),
}
"""Names of what can load any module at all; in the first two it may be a name that stands there."""
_MOST = 2_000
"""Lists that are kept; with more of them, those go that this process had no use for."""


class Import(NamedTuple):
    """``from module import name``, ``level`` folders up; ``at_once`` if it is run with its module."""

    module: str
    name: str
    level: int
    at_once: bool


class Imports(NamedTuple):
    """What a file imports; ``any_at_once`` and ``any_later`` tell that only a run can say what else."""

    named: tuple[Import, ...] = ()
    any_at_once: bool = False
    any_later: bool = False


def closure(names: Iterable[str]) -> dict[str, bytes] | None:
    """Return the hash of each module of ours that has a part in what the modules ``names`` do, and of these.

    None if one of them loads modules whose names only a run can tell.
    """
    whole: set[str] = set()
    run: set[str] = set()
    todo = {*names}
    while todo:
        whole |= todo
        above = {package for name in todo for package in _above(name)} - run
        run |= above
        led, started = [*map(_leads, todo)], [*map(_leads, todo | above)]
        if any(one.any_later for one in led) or any(one.any_at_once for one in started):
            return None
        later = (one.later for one in led)
        todo = {name for names in (*later, *(one.at_once for one in started)) for name in names} - whole
    _LISTS.save()
    return {name: _hash_of_module(name) for name in whole | run if _is_ours(name)}


class _Leads(NamedTuple):
    """The modules of ours that one imports while it is run, and later; and if it may import any other."""

    at_once: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    any_at_once: bool = False
    any_later: bool = False


@cache
def _leads(name: str) -> _Leads:
    file = _place(name).file
    if file is None:
        return _Leads()
    imports = _LISTS.of(file)
    package = name if Path(file).name == "__init__.py" else name.rpartition(".")[0]
    at_once, later = (
        frozenset(
            meant
            for one in imports.named
            if one.at_once is is_at_once
            for meant in _meant(one, package)
            if _place(meant).file or _place(meant).folders
        )
        for is_at_once in (True, False)
    )
    return _Leads(at_once, later, imports.any_at_once, imports.any_later)


def _above(name: str) -> Iterator[str]:
    """Yield the packages that a module lies in."""
    return (name[:at] for at, letter in enumerate(name) if letter == ".")


def _is_ours(name: str) -> bool:
    """Tell whether a module has a file of ours, or comes from where nobody can read."""
    return _place(name).file is not None or not (_place(name).folders or _is_foreign(name))


def _hash_of_module(name: str) -> bytes:
    file = _place(name).file
    return hash_of(file) if file else _UNKNOWN


def _meant(one: Import, package: str) -> Iterator[str]:
    """Yield the modules that an import in ``package`` may mean: a name may be one, or stand in one."""
    module = one.module
    if one.level:
        above = package.split(".")[: package.count(".") + 2 - one.level]
        module = ".".join([*above, module] if module else above)
    named = f"{module}.{one.name}"
    if one.name not in ("", "*") and _place(named).file:
        yield named  # and of its package only what is run
        return
    yield module
    if one.name == "*":
        for folder in _place(module).folders:
            yield from (f"{module}.{name.partition('.')[0]}" for name in sorted(_listed(folder)))
    elif one.name:
        yield named


# Files ------------------------------------------------------------------------


class _Place(NamedTuple):
    """The file of a module of ours, and the folders that its submodules are in."""

    file: str | None = None
    folders: tuple[str, ...] = ()


_UNKNOWN = os.urandom(16)
"""Stands for code that nobody can read: what it makes is found again by this process alone."""


@cache
def hash_of(file: str) -> bytes:
    """Return what stands for the bytes of a file."""
    source = _source(file)
    return _UNKNOWN if source is None else _digest(source)


@cache
def _listed(folder: str) -> frozenset[str]:
    with suppress(OSError):
        return frozenset(os.listdir(folder or "."))
    return frozenset()


@cache
def _place(name: str) -> _Place:
    """Return where a module of ours is; nowhere for one that is none of ours."""
    above, _, leaf = name.rpartition(".")
    # Of the search path, "" is the folder one works in: Pelican puts it there.
    roots = (str(ROOT), *(os.path.abspath(path) for path in sys.path if not path.startswith(FOREIGN)))
    spaces: list[str] = []
    for folder in _place(above).folders if above else dict.fromkeys(roots):
        inside = f"{folder}/{leaf}"
        if leaf in _listed(folder) and "__init__.py" in _listed(inside):
            return _Place(f"{inside}/__init__.py", (inside,))
        for suffix in all_suffixes():
            if leaf + suffix in _listed(folder):
                return _Place(inside + suffix)
        if leaf in _listed(folder):
            spaces.append(inside)
    file = getattr(sys.modules.get(name), "__file__", None)
    if not spaces and file and not file.startswith(FOREIGN):  # from where nobody would look for it
        return _Place(file, (str(Path(file).parent),) if Path(file).name == "__init__.py" else ())
    return _Place(None, tuple(spaces))


def _is_foreign(name: str) -> bool:
    """Tell whether a module comes with Python or from a package."""
    first = name.partition(".")[0]
    file = getattr(sys.modules.get(first), "__file__", None) or ""
    return first in sys.stdlib_module_names or first == "builtins" or file.startswith(FOREIGN)


# What stands in them ----------------------------------------------------------


@dataclass
class _Lists:
    """What files import, by the hash of their bytes."""

    path: Path
    lists: dict[bytes, Imports] | None = None
    used: dict[bytes, Imports] = field(default_factory=dict)
    is_new: bool = False

    def of(self, file: str) -> Imports:
        """Return what a file imports."""
        if self.lists is None:
            self.lists = self._read()
        key = hash_of(file)
        if key not in self.used:
            found = self.lists.get(key)
            if found is None:
                source = _source(file) or b""
                found = self.lists[_digest(source)] = imports_in(source)
                self.is_new = True
            self.used[key] = found
        return self.used[key]

    def _read(self) -> dict[bytes, Imports]:
        with suppress(Exception):  # of whatever kind it is: then it is made
            reader, lists = pickle.loads(kept(self.path, bytes))  # noqa: S301 — as trusted as what Python keeps there
            if reader == hash_of(__file__):
                return dict(lists)
        return {}

    def save(self) -> None:
        """Keep what is new."""
        if self.is_new and self.lists is not None:
            if len(self.lists) > _MOST:
                self.lists = dict(self.used)
            with suppress(OSError):
                self.path.unlink(missing_ok=True)
            kept(self.path, lambda: pickle.dumps((hash_of(__file__), self.lists)))
        self.is_new = False


_LISTS = _Lists(Path(cache_from_source(str(ROOT / "plugins" / "imports.py"))).with_suffix(".lists"))


def _source(file: str) -> bytes | None:
    with suppress(OSError), open(file, "rb") as opened:  # noqa: PTH123 — a Path costs as much as reading
        return opened.read()
    return None


def _digest(source: bytes) -> bytes:
    return blake2b(source, digest_size=16).digest()


def imports_in(source: bytes) -> Imports:
    """Return what a module imports; nothing if it is no Python: whoever runs it will meet the fault."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return Imports()
    found = [*_found(tree, at_once=True)]
    named = dict.fromkeys(one for one in found if isinstance(one, Import))
    return Imports(tuple(named), True in found, False in found)


def _found(node: ast.AST, *, at_once: bool) -> Iterator[Import | bool]:
    """Yield the imports in a piece of code, and for what may load anything whether it does so at once."""
    if isinstance(node, ast.Import):
        yield from (Import(one.name, "", 0, at_once) for one in node.names)
    elif isinstance(node, ast.ImportFrom):
        for one in node.names:
            yield Import(node.module or "", one.name, node.level, at_once)
            if one.name in _BY_ANYTHING and one.asname:
                yield at_once
    elif isinstance(node, ast.Call) and _name(node.func) in _BY_NAME and _told(node):
        yield Import(str(_told(node)), "", 0, at_once)
    elif _name(node) in _BY_ANYTHING:
        yield at_once
    else:
        is_later = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        is_later &= getattr(node, "name", "") != "__getattr__"  # which an import asks for what is not there
        for part in _parts(node):
            yield from _found(part, at_once=at_once and not is_later)


def _parts(node: ast.AST) -> Iterable[ast.AST]:
    """Return what a piece of code is made of, without what only type checkers read."""
    if isinstance(node, ast.If) and _name(node.test) == "TYPE_CHECKING":
        return node.orelse
    return ast.iter_child_nodes(node)


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _told(call: ast.Call) -> str | None:
    """Return the name of the module that is to be imported, if it stands there."""
    first = call.args[0] if len(call.args) == 1 and not call.keywords else None
    text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    return None if text.startswith(".") else text
