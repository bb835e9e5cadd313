"""Pages and data that the site cannot do without: none goes missing in silence."""

from __future__ import annotations

from plugins.library.entries import Library
from plugins.problems import Problems

SAFETY_GUIDE = "when-it-does-not-feel-safe"
HELP = "when-to-get-help"
FIRST_QUIZ = "signs-of-connection"
NEEDED = {
    "home": ("page", "readers begin there"),
    "404": ("page", "readers find it where no page is"),
    SAFETY_GUIDE: ("guide", "every page leads to it"),
    HELP: ("faq", "every page with a warning leads to it"),
    FIRST_QUIZ: ("quiz", "the home page leads to it"),
}
"""Entries that the site names itself: slug to (kind, why)."""


def check_needed(library: Library, problems: Problems) -> None:
    """Note each entry that the site names and that is not there, or not published."""
    for slug, (name, why) in NEEDED.items():
        kind = library.kinds[name]
        path = f"content/{kind.folder}/{slug}{kind.suffix}"
        entry = library.entries.get(slug) or library.held.get(slug)
        if slug in library.broken or (entry and entry.path == path and slug in library.entries):
            continue
        if entry and entry.path == path:
            line = entry.line("status" if entry.front.status == "draft" else "date")
            problems.add(path, line, "needed", f"'{slug}' is held back, but {why}.", "Publish it.")
        else:
            problems.add(path, 1, "needed", f"the file is missing, but {why}.", "Put it back.")
