"""Typed cross-links: relations stated once and shown from both ends.

Resolves what pages state about each other and what their prose links to and cites, and
keeps the coverage rules.  Knows nothing of the site around it: what it asks of a page is
in ``nodes.py``, and a site plugs its own pages in.  Enabled as a plugin of Pelican, it takes
ordinary articles and pages (``blog.py``).
"""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican's signals."""
    from pelican import signals

    from .blog import offer_templates, relate

    signals.initialized.connect(offer_templates)
    signals.all_generators_finalized.connect(relate)
