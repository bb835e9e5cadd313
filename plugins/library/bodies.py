"""The texts of a library: each parsed once, by itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from plugins.library.code import code_version
from plugins.library.entries import Library
from plugins.library.store import content_key, store
from plugins.library.text.markers import MarkerRule
from plugins.library.text.reading import Reader
from plugins.problems import Problems


def read_bodies(
    library: Library, problems: Problems, kept: Path | None = None, markers: Sequence[MarkerRule] = ()
) -> None:
    """Parse the text of every entry; faults of those held back are for the day they are published.

    ``markers`` are those of the site.
    In the folder ``kept`` the parsed texts are kept by what stands in them.
    What may be missing only because a text was too much to be read is not said: see ``Library.lost``.
    """
    reader, names = Reader(*markers), [rule.name for rule in markers]
    with store(kept and kept / "bodies.sqlite", code_version()) as bodies:
        entries = [entry for entry in (*library.entries.values(), *library.held.values()) if entry.body]
        read = bodies.get_all(
            [
                (content_key(one.body, one.body_line, names), partial(reader.read, one.body, one.body_line))
                for one in entries
            ]
        )
        library.bodies.update(zip((entry.slug for entry in entries), read, strict=True))
    for entry in library.entries.values():
        body = library.bodies.get(entry.slug)
        if body is None:
            continue
        body.report(entry.path, problems)
        if body.unread:
            library.lost[entry.path] = entry.body
