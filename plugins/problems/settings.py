"""Where a setting stands, so that a fault in one has its file and line.

Pelican runs a file of settings and keeps only what came of it.  So that file is read once more here, as text;
nothing of it is run.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from .yaml_data import YamlData

FILE = "pelicanconf.py"
"""What Pelican reads where nobody names a file."""
Lines = dict[tuple[int | str, ...], int]


def setting(
    name: str, value: Any, arguments: Sequence[str] | None = None, folder: Path | None = None
) -> tuple[str, YamlData]:
    """Return the file that a setting stands in, and its value with the line of each part.

    ``arguments`` are those of the command, which may name a file, as of ``folder``.  Lines are 1 if nobody
    can tell: where a value is worked out, the line is that of the whole setting.
    """
    here, given = folder or Path(), sys.argv if arguments is None else arguments
    for path in _files(here, given):
        lines = _lines(here / path, name, value)
        if lines:
            return path.as_posix(), YamlData(value, lines)
    return FILE, YamlData(value, {})


def _files(folder: Path, arguments: Sequence[str]) -> Iterator[Path]:
    """Yield the file of settings, and those beside it that it takes names from."""
    named = [after for before, after in pairwise(arguments) if before in ("-s", "--settings")]
    named += [one.partition("=")[2] for one in arguments if one.startswith("--settings=")]
    first = Path(named[-1]) if named else Path(FILE)
    yield first
    for node in ast.walk(_tree(folder / first)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield first.with_name(f"{node.module.rpartition('.')[2]}.py")


def _tree(path: Path) -> ast.Module:
    with suppress(OSError, ValueError, SyntaxError):
        return ast.parse(path.read_text(encoding="utf-8"))
    return ast.Module([], [])


def _lines(path: Path, name: str, value: Any) -> Lines:
    """Return the lines of a setting in a file, none if it does not stand there."""
    found = [node for node in ast.walk(_tree(path)) if name in _names(node)]
    if not found:
        return {}
    last = max(found, key=lambda node: getattr(node, "lineno", 0))
    written = getattr(last, "value", None)
    lines: Lines = {(): getattr(last, "lineno", 1)}
    with suppress(ValueError, TypeError, SyntaxError):
        if isinstance(written, ast.expr) and ast.literal_eval(written) == value:
            lines |= _parts(written, ())
    return lines


def _names(node: ast.AST) -> list[str]:
    """Return the names that a statement gives a value."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) else targets
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _parts(node: ast.expr, loc: tuple[int | str, ...]) -> Lines:
    """Return the line of each part of a list or dictionary that is written out."""
    parts: list[tuple[int | str, ast.expr, int]] = []
    if isinstance(node, ast.List | ast.Tuple):
        parts = [(at, item, item.lineno) for at, item in enumerate(node.elts)]
    elif isinstance(node, ast.Dict):
        keyed = zip(node.keys, node.values, strict=True)
        parts = [(str(key.value), item, key.lineno) for key, item in keyed if isinstance(key, ast.Constant)]
    lines: Lines = {}
    for name, item, line in parts:
        lines |= {(*loc, name): line, **_parts(item, (*loc, name))}
    return lines
