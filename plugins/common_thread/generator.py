"""Where Pelican comes in: one generator that takes the site through its last stages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.common_thread.site import Resolved, Site, finish_folder, finished, plan_site, rendered, write
from plugins.library.events import site_written


class SiteGenerator(Generator):  # type: ignore[misc]
    """Plans, checks, renders and finishes; stands after the generators that read."""

    def generate_context(self) -> None:
        """Hand what is wrong with style sheets and drawings to the common list."""
        self.context["problems"].found.extend(self.settings["ASSET_PROBLEMS"])

    def planned(self) -> Site:
        """Return the plan of the site, or raise all problems at once."""
        context, settings = self.context, self.settings
        problems = context["problems"]
        problems.raise_errors()
        resolved = Resolved(
            settings["KINDS"],
            context["library"],
            context["graph"],
            context["quizzes"],
            context["pictures"],
            settings["DRAWINGS"],
            context["desk"],
            settings["ASSETS"],
        )
        site = plan_site(resolved, settings, problems)
        problems.raise_errors()
        return site

    def generate_output(self, _writer: Any) -> None:
        """Raise all problems at once, or else write the site."""
        context, settings = self.context, self.settings
        site = context["site"] = self.planned()
        output = Path(self.output_path)
        write(output, [*rendered(site), *finished(site)])
        finish_folder(output, site, settings.get("BUILD_LOCK"))
        site_written.send(output, library=context["library"], exit_url=settings["EXIT_URL"])
