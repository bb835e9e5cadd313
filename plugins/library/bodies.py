"""The texts of a library: each parsed once, by itself."""

from __future__ import annotations

from plugins.library.entries import Library
from plugins.library.text.reading import Reader
from plugins.problems import Problems


def read_bodies(library: Library, problems: Problems) -> None:
    """Parse the text of every entry; faults of those held back are for the day they are published.

    What may be missing only because a text was too much to be read is not said: see ``Library.lost``.
    """
    reader = Reader()
    for entry in [*library.entries.values(), *library.held.values()]:
        if not entry.body:
            continue
        body = library.bodies[entry.slug] = reader.read(entry.body, entry.body_line)
        if entry.slug in library.held:
            continue
        body.report(entry.path, problems)
        if body.unread:
            library.lost[entry.path] = entry.body
