"""The texts of a library: each parsed once, by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from plugins.library.code import code_of
from plugins.library.entries import Library
from plugins.library.store import Store, content_key, digest, store
from plugins.library.text.body import Body, Grown
from plugins.library.text.markers import MarkerRule
from plugins.library.text.reading import Reader
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
    reader, code = Reader(*markers), code_of(Reader, markers)
    shared = content_key(code, [*markers])
    # Told by their own words, so that another title, or other code for front matter, is no reason to parse.
    words = [f"{entry.body_line} {entry.body}".encode("utf-8", "surrogatepass") for entry in entries]
    keys = [digest(shared + text) for text in words]
    trees = Store(kept and kept / "trees.sqlite", code)
    with store(kept and kept / "bodies.sqlite", code, at_hand=True) as bodies:
        read = bodies.get_all(
            [
                (key, partial(reader.read, entry.body, entry.body_line))
                for key, entry in zip(keys, entries, strict=True)
            ],
            light=Body.without_tree,
        )
    for entry, key, body in zip(entries, keys, read, strict=True):
        tree = body.tree
        if isinstance(tree, Grown):
            trees.put_packed(key, tree.packed)
        else:
            tree = partial(trees.get, key, partial(reader.nodes, entry.body, entry.body_line))
        library.bodies[entry.slug] = replace(body, key=key, tree=tree)
    trees.save()
    for entry in library.entries.values():
        found = library.bodies.get(entry.slug)
        if found is None:
            continue
        found.report(entry.path, problems)
        if found.unread:
            library.lost[entry.path] = entry.body
