"""Common Thread itself: its kinds of page, what they show, and the way through all stages (``site.py``)."""

from __future__ import annotations

from typing import Any

from pelican import signals

from plugins.common_thread.generator import SiteGenerator


def add_site_generator(_pelican: Any) -> type[SiteGenerator]:
    """Tell Pelican about the generator."""
    return SiteGenerator


def register() -> None:
    """Connect to Pelican's signals."""
    signals.get_generators.connect(add_site_generator)
