"""A script and the modules in the folder of its own name, as one module.

``self-quiz.js`` is served together with ``self-quiz/*.js``: in one request, and smaller than
its parts, each of which would be compressed alone (docs/adr/0018-one-file-an-element.md).
It is all textual, so the modules keep to three rules: named imports on one line each, no
``as``, and no name at the top level of two of them.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{ (\w+(?:, \w+)*) \} from "([^"]+)";\n', re.M)
_ANY_IMPORT = re.compile(r"^import\b.*", re.M)
_TOP = re.compile(r"^(?:export )?(?:async )?(?:const|let|class|function) (\w+)", re.M)


def join_modules(script: Path) -> str:
    """Return the text of ``script`` with its own modules before it.

    Raises ValueError where they break a rule.
    """
    own = script.with_suffix("")
    if not own.is_dir():
        return script.read_text(encoding="utf-8")
    parts: dict[Path, str] = {}
    outside: dict[str, set[str]] = {}
    _take(script, own, parts, outside)
    _check_names(parts, set().union(*outside.values()))
    imports = [
        f'import {{ {", ".join(sorted(names))} }} from "{target}";\n' for target, names in outside.items()
    ]
    return "".join(imports) + "".join(parts.values())


def _take(module: Path, own: Path, parts: dict[Path, str], outside: dict[str, set[str]]) -> None:
    """Add a module to ``parts``, after those it imports.

    Note in ``outside`` what it imports from elsewhere.
    """
    text = module.read_text(encoding="utf-8")
    parts[module] = ""  # on its way: whoever imports it now stands in a circle
    for names, target in _IMPORT.findall(text):
        other = (module.parent / target).resolve()
        if other.parent != own:
            known = outside.setdefault(f"./{other.relative_to(own.parent).as_posix()}", set())
            known.update(names.split(", "))
        elif other not in parts:
            _take(other, own, parts, outside)
        elif not parts[other]:
            raise ValueError(f"{module.name}: it and '{other.name}' import each other in a circle")
    rest = _IMPORT.sub("", text)
    if odd := _ANY_IMPORT.search(rest):
        raise ValueError(f"{module.name}: '{odd[0]}' can't be joined. Write: import {{ name }} from \"…\";")
    del parts[module]  # to stand after what it imports
    parts[module] = re.sub(r"^export ", "", rest, flags=re.M) if module.parent == own else rest


def _check_names(parts: dict[Path, str], seen: set[str]) -> None:
    for module, text in parts.items():
        names = set(_TOP.findall(text))
        if twice := sorted(names & seen):
            raise ValueError(
                f"{module.name}: the name '{twice[0]}' is taken by a module beside it. Choose another."
            )
        seen = seen | names
