"""Offline: the page shown when a page was not kept, the list of files, and the service worker.

Nothing is kept on a reader's device unless the reader asks for it.
"""

from __future__ import annotations

from typing import Any

from pelican import signals

from plugins.offline.generator import OfflineGenerator


def add_offline_generator(_pelican: Any) -> type[OfflineGenerator]:
    """Tell Pelican about the generator."""
    return OfflineGenerator


def register() -> None:
    """Connect to Pelican's signals."""
    signals.get_generators.connect(add_offline_generator)
