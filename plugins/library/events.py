"""Signals of the library, for plugins that add to it.

``library_loaded``: sent with ``library``, ``markup`` and ``problems`` once every file has
been read and before any Markdown is converted.  Receivers add relations to
``library.declared`` and extensions to ``markup.extensions``.

``site_written``: sent with the ``output`` folder as its sender, ``library`` and ``exit_url``,
once everything else is there.
"""

from __future__ import annotations

from blinker import signal

library_loaded = signal("library_loaded")
site_written = signal("site_written")
