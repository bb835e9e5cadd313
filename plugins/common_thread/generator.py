"""Where Pelican comes in: one generator that takes the site through all of its stages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.common_thread.schemas import keep_schemas
from plugins.common_thread.site import finish_folder, finished, make_site, rendered, rendered_beside
from plugins.library.cache import cache_folder
from plugins.library.events import site_written
from plugins.library.profile import stage
from plugins.library.writing import refuse_twice, write
from plugins.problems import Problems


class SiteGenerator(Generator):  # type: ignore[misc]
    """Makes the site and writes it; Pelican's own generators find nothing to do."""

    def generate_output(self, _writer: Any) -> None:
        """Raise all problems at once, or else write the site."""
        output, problems = Path(self.output_path), Problems()
        former = self.settings.get("FORMER")
        site = make_site(self.settings, problems)
        if former:
            with stage("render and write"):
                names = write(output, rendered_beside(site, former), former=former)
            with stage("finish: cards, feeds, twins"):
                names += write(output, finished(site, former), former=former)
            refuse_twice(names)
        else:
            write(output, rendered(site), finished(site))
        library = site.resolved.library
        known = [*library.entries.values(), *library.held.values()]
        keep_schemas(cache_folder(self.settings), site.resolved.kinds, known)
        finish_folder(output, site, self.settings.get("BUILD_LOCK"), former)
        site_written.send(output, site=site, library=site.resolved.library)
