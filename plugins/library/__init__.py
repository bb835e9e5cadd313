"""The library: entries and their kinds, Markdown, pictures and help lines; pages, frame and rendering.

Knows how entries are written, read and turned into pages; knows nothing of what a
relation between two of them means (see ``plugins.crosslinks``).
"""

from __future__ import annotations

from typing import Any

from pelican import signals

from plugins.library.filters import prepare_settings
from plugins.library.generator import LibraryGenerator


def add_library_generator(_pelican: Any) -> type[LibraryGenerator]:
    """Tell Pelican about the generator."""
    return LibraryGenerator


def register() -> None:
    """Connect the library to Pelican's signals."""
    signals.initialized.connect(prepare_settings)
    signals.get_generators.connect(add_library_generator)
