"""The kinds of entry: one module each, with its front matter, its relations and what its pages show."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from plugins.common_thread.kind import AnyKind
from plugins.crosslinks.relations import Relations
from plugins.library.kinds import Kinds


def load_kinds(modules: Iterable[str]) -> tuple[Kinds[AnyKind], Relations]:
    """Return the kinds of the named modules, in that order, and the relation types they state."""
    kinds = [import_module(name).KIND for name in modules]
    return Kinds(kinds), Relations(relation for kind in kinds for relation in kind.relations)
