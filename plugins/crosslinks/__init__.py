"""Typed cross-links: relations stated once and shown from both ends.

Resolves what pages state about each other and what their prose links to and cites, and
keeps the coverage rules.  Knows nothing of the site around it: what it asks of a page is
in ``nodes.py``, and the site plugs its own pages in.
"""

from __future__ import annotations

import logging


def register() -> None:
    """Say that nothing is connected: a site has to call what is here."""
    logging.getLogger(__name__).warning(
        "pelican-crosslinks does nothing by itself yet: call `resolve_relations` with your pages, see its "
        "README."
    )
