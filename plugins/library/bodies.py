"""The texts of a library: each parsed once, by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from plugins.library.code import code_version
from plugins.library.entries import Entry, Library
from plugins.library.store import Store, content_key, store
from plugins.library.text.body import Body, Grown
from plugins.library.text.markers import MarkerRule
from plugins.library.text.reading import Reader
from plugins.library.text.tree import Nodes
from plugins.problems import Problems


def read_bodies(
    library: Library, problems: Problems, kept: Path | None = None, markers: Sequence[MarkerRule] = ()
) -> None:
    """Parse the text of every entry; faults of those held back are for the day they are published.

    ``markers`` are those of the site.
    In the folder ``kept`` the parsed texts are kept by what stands in their files: what was found in all
    of them in one piece, since every build asks for it, and the tree of each by itself.
    What may be missing only because a text was too much to be read is not said: see ``Library.lost``.
    """
    entries = [entry for entry in (*library.entries.values(), *library.held.values()) if entry.body]
    reader, names = Reader(*markers), tuple(rule.name for rule in markers)
    shared = content_key(names)
    keys = [shared + (entry.key or content_key(entry.body, entry.body_line)) for entry in entries]
    trees = Store(kept and kept / "trees.sqlite", code_version())
    with store(kept and kept / "bodies.sqlite", code_version(), at_hand=True) as bodies:
        read = bodies.get_all(
            [(key, partial(_read, reader, entry, key)) for key, entry in zip(keys, entries, strict=True)],
            light=without_tree,
        )
    for entry, body in zip(entries, read, strict=True):
        if isinstance(body.tree, Grown):
            trees.put_packed(body.key, body.tree.packed)
            library.bodies[entry.slug] = body
        else:
            library.bodies[entry.slug] = replace(body, tree=partial(_tree, trees, reader, entry, body.key))
    trees.save()
    for entry in library.entries.values():
        found = library.bodies.get(entry.slug)
        if found is None:
            continue
        found.report(entry.path, problems)
        if found.unread:
            library.lost[entry.path] = entry.body


def _read(reader: Reader, entry: Entry, key: bytes) -> Body:
    return replace(reader.read(entry.body, entry.body_line), key=key)


def _tree(trees: Store, reader: Reader, entry: Entry, key: bytes) -> Nodes:
    """Return the tree of a text that was read before."""
    return trees.get(key, lambda: reader.read(entry.body, entry.body_line).nodes)


def without_tree(body: Body) -> Body:
    """Return what is kept of a body beside its tree."""
    return body if body.tree is tuple else replace(body, tree=tuple)
