"""Sharing: what a page looks like when somebody passes it on.

Share links from ``content/data/share.yaml``, social tags, card images made at build,
copyable anchors, QR codes for print.  Nothing is loaded from a third party, and a
safety page shows its neutral title only.
"""

from __future__ import annotations

from typing import Any

from pelican import signals

from plugins.library.events import library_loaded
from plugins.library.markup import Markup
from plugins.sharing.anchors import AnchorExtension, link_anchors
from plugins.sharing.generator import SharingGenerator


def add_sharing_filters(pelican: Any) -> None:
    """Give templates the filter that puts a copyable link beside headings and steps."""
    filters = pelican.settings["JINJA_FILTERS"]
    pelican.settings["JINJA_FILTERS"] = {**filters, "anchors": link_anchors}


def name_steps(_generator: Any, markup: Markup, **_others: Any) -> None:
    """Teach the Markdown converter to name the steps of numbered lists."""
    markup.extensions = [*markup.extensions, AnchorExtension()]


def add_sharing_generator(_pelican: Any) -> type[SharingGenerator]:
    """Tell Pelican about the generator."""
    return SharingGenerator


def register() -> None:
    """Connect to the library's and Pelican's signals."""
    signals.initialized.connect(add_sharing_filters)
    library_loaded.connect(name_steps)
    signals.get_generators.connect(add_sharing_generator)
