"""Writes ``/offline/``; the list and the worker come last, see :mod:`plugins.offline.worker`."""

from __future__ import annotations

from typing import Any

from pelican.generators import Generator


class OfflineGenerator(Generator):  # type: ignore[misc]
    """The page a reader gets for a page that was not kept."""

    def generate_output(self, writer: Any) -> None:
        """Write ``/offline/``."""
        template = self.get_template("offline")
        writer.write_file("offline/index.html", template, self.context, override_output=True, page_url="/offline/")
