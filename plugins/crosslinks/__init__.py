"""Typed cross-links: relations stated once and shown from both ends.

Resolves what pages state about each other and what their prose links to and cites, and
keeps the coverage rules.  Knows nothing of the site around it: what it asks of a page is
in ``nodes.py``, and the site plugs its own pages in.
"""
