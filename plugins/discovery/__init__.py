"""Discovery: what search engines, feed readers and other programs look for.

The sitemap with true dates, feeds, structured data, ``llms.txt`` with a Markdown twin of
every entry, icons and the web manifest.  Stands last: it looks at the pages that have
been written.
"""

from __future__ import annotations

from typing import Any

from pelican import signals

from plugins.discovery.generator import DiscoveryGenerator


def add_discovery_generator(_pelican: Any) -> type[DiscoveryGenerator]:
    """Tell Pelican about the generator."""
    return DiscoveryGenerator


def register() -> None:
    """Connect to Pelican's signals."""
    signals.get_generators.connect(add_discovery_generator)
