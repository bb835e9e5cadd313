"""The signal for plugins that add to a site.

``site_written``: sent with the ``output`` folder as its sender once everything else is there,
with the ``library`` and the whole ``site`` that was written.
"""

from __future__ import annotations

from blinker import signal

site_written = signal("site_written")
