"""Which code is at work: what it makes may differ once a byte of it, or a package, has changed.

What a thing is made by is the module of its maker and every module of ours that one imports, worked
out from the files (:mod:`plugins.library.imports`), and not from what happens to be loaded.
So a change of a plugin makes anew what it can change, and no more.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

from plugins.library.imports import FOREIGN, PACKAGES, ROOT, closure, hash_of

_KEEPERS = "plugins.library.store"
"""What keeps a thing has a part in what is found of it."""


@cache
def code_version() -> bytes:
    """Return a hash of all plugins, of all other code of ours that is at work, and of all packages."""
    files = {*(ROOT / "plugins").rglob("*.py"), *_loaded()}
    return _hashed(environment(), ((path.name, hash_of(str(path))) for path in sorted(files)))


def code_of(*makers: object) -> bytes:
    """Return a hash of all code that has a part in what ``makers`` make.

    A maker is a function, a class, or a value that holds some, as a kind of entry does.
    With no maker it is that of what keeps things.
    """
    return _code_of_modules(frozenset(modules_of(makers)))


def code_of_modules(names: Iterable[str]) -> bytes:
    """Return the same for makers that lie in the modules ``names``."""
    return _code_of_modules(frozenset(names))


@cache
def _code_of_modules(names: frozenset[str]) -> bytes:
    found = closure(frozenset({*names, _KEEPERS}))
    if found is None:  # one of them asks for modules by names that only a run can tell
        return hashlib.sha256(code_version() + "\n".join(sorted(names)).encode()).digest()
    return _hashed(environment(), sorted(found.items()))


@cache
def environment() -> bytes:
    """Return what stands for Python and all packages: these by the names of their folders, with versions."""
    names = (name for folder in map(Path, PACKAGES) if folder.is_dir() for name in os.listdir(folder))
    return f"{sys.version}\n{sorted(name for name in names if name.endswith('-info'))}".encode()


def _hashed(start: bytes, named: Iterable[tuple[str, bytes]]) -> bytes:
    digest = hashlib.sha256(start)
    for name, content in named:
        digest.update(name.encode() + b"\0" + content)
    return digest.digest()


def modules_of(value: object) -> Iterator[str]:
    """Yield the modules of the functions and classes that a value is, or holds."""
    if isinstance(value, FunctionType):
        yield value.__module__
        for cell in value.__closure__ or ():  # what a decorator, say, was given
            if callable(held := _content(cell)):
                yield from modules_of(held)
    elif isinstance(value, MethodType):
        yield from modules_of(value.__func__)
        yield from modules_of(type(value.__self__))
    elif isinstance(value, partial):
        yield from modules_of((value.func, *filter(callable, (*value.args, *value.keywords.values()))))
    elif isinstance(value, type):
        yield from (one.__module__ for one in value.__mro__)
    elif isinstance(value, Mapping):
        yield from modules_of((*value.keys(), *value.values()))
    elif isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from modules_of(one)
    else:
        yield from modules_of(type(value))
        for one in fields(value) if is_dataclass(value) else ():
            yield from modules_of(getattr(value, one.name))


def _content(cell: Any) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _loaded() -> set[Path]:
    """Return the files of the modules that come neither with Python nor from a package that is installed.

    Of a package of ours all files, so that it does not matter which of them are loaded by now.
    """
    found: set[Path] = set()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or not file.endswith(".py") or file.startswith(FOREIGN):
            continue
        first = getattr(sys.modules.get(name.partition(".")[0]), "__file__", None) or ""
        if not first.startswith(FOREIGN):
            found.add(Path(first).parent if first.endswith("__init__.py") else Path(file))
        elif name.startswith("pelican.plugins."):  # and not the settings, which Pelican calls pelican.conf
            found.add(Path(file))
    return {file for path in found for file in (path.rglob("*.py") if path.is_dir() else [path])}
