"""Sharing: what a page looks like when somebody passes it on.

Share links from ``content/data/share.yaml``, social tags, card images made at build,
copyable anchors, QR codes for print.  Nothing is loaded from a third party, and a
safety page shows its neutral title only.
"""

from __future__ import annotations

from typing import Any

from plugins.library.events import library_loaded
from plugins.library.markup import Markup
from plugins.sharing.anchors import AnchorExtension


def name_steps(_generator: Any, markup: Markup, **_others: Any) -> None:
    """Teach the Markdown converter to name the steps of numbered lists."""
    markup.extensions = [*markup.extensions, AnchorExtension()]


def register() -> None:
    """Connect to the library's signal."""
    library_loaded.connect(name_steps)
