"""Common Thread itself: its kinds of page, what they show, and the way through all stages (``site.py``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plugins.common_thread.generator import SiteGenerator


def add_site_generator(_pelican: Any) -> type[SiteGenerator]:
    """Tell Pelican about the generator."""
    from plugins.common_thread.generator import SiteGenerator

    return SiteGenerator


def register() -> None:
    """Connect to Pelican's signals."""
    from pelican import signals  # whoever only reads the library needs none of Pelican

    signals.get_generators.connect(add_site_generator)
