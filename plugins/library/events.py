"""Signals of the library, for plugins that add to it.

``library_loaded``: sent with ``library``, ``renderer`` and ``problems`` once every file has
been read and every text parsed.  Receivers add relations to ``library.declared``, and to
``renderer.changes`` what links and citations become.

``site_written``: sent with the ``output`` folder as its sender, ``library`` and ``exit_url``,
once everything else is there.
"""

from __future__ import annotations

from blinker import signal

library_loaded = signal("library_loaded")
site_written = signal("site_written")
