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
    write_host_files(output, with_copies(site), site.frame.exit_url)


def with_copies(site: Site) -> dict[str, str]:
    """Return where old addresses lead, those too of copies that stand in frames of other sites."""
    leads = dict(site.resolved.data.redirects.leads)
    copies = {page.copy_of: page.url for page in site.pages if page.copy_of}
    moved = ((old, new, copies[new]) for old, new in leads.items() if new in copies)
    return leads | {old + copy.removeprefix(new): copy for old, new, copy in moved}


def register() -> None:
    """Connect to the signal that the site has been written."""
    site_written.connect(write_files_for_hosts)
