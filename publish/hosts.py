"""The files hosts read, as a plugin of Pelican: written last, since they name what else is there.

With it in ``PLUGINS``, plain Pelican makes the same site as ``./publish.sh build``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plugins.common_thread.site import Site
from plugins.library.events import site_written
from publish.headers import write_host_files


def write_files_for_hosts(output: Path, site: Site, **_others: Any) -> None:
    """Write headers, redirects and the way out."""
    write_host_files(output, dict(site.resolved.data.redirects.leads), site.frame.exit_url)


def register() -> None:
    """Connect to the signal that the site has been written."""
    site_written.connect(write_files_for_hosts)
