"""The one generator for every kind: reads and converts all of ``content/``, and writes nothing."""

from __future__ import annotations

from pathlib import Path

from pelican.generators import CachingGenerator

from plugins.library.cache import FOLDER, check_cache
from plugins.library.entries import Entry, Library
from plugins.library.events import library_loaded
from plugins.library.helpblocks import HelpExtension, check_help
from plugins.library.helpdesk import open_desk
from plugins.library.loader import load_library
from plugins.library.markup import Markup, line_of
from plugins.library.patterns import check_pattern
from plugins.library.pictures import PictureExtension, Shelf
from plugins.problems import Problems, did_you_mean, shown


class LibraryGenerator(CachingGenerator):  # type: ignore[misc]
    """Puts ``library``, ``graph``-ready documents and ``problems`` in the context, with ``pictures`` and ``desk``."""

    library: Library
    problems: Problems

    def generate_context(self) -> None:
        """Read, convert and check everything below PATH; raises nothing, notes all problems."""
        self.problems = self.context["problems"] = Problems()
        content = Path(self.settings["PATH"])
        self.library = load_library(
            content, self.settings["KINDS"], self.settings["TODAY"], self.problems, self.settings["NEEDED_DATA"]
        )
        self.context["library"] = self.library
        if self.library.incomplete:
            self.problems.raise_errors()  # whatever else seems wrong may follow from what is missing
        paths = {name: content.parent / path for name, path in self.library.images.items()}
        check_cache(content.parent, self.problems)
        cache = content.parent / FOLDER / "pictures"
        self.shelf = Shelf(paths, cache, self.settings["BASE_PATH"], self.problems)
        markup = Markup(self.settings["BASE_PATH"], [PictureExtension(self.shelf), HelpExtension()])
        self.desk = open_desk(self.library.helplines, self.settings["MAIN_COUNTRIES"])
        self._check_main_countries()
        library_loaded.send(self, library=self.library, markup=markup, problems=self.problems)
        for entry in self.library.entries.values():
            if entry.body:
                self._convert(entry, markup)
            if entry.front.image:
                self._use_image(entry, entry.front.image.src, entry.line("image", "src"))
        self._check_images()
        self.context.update(pictures=self.shelf, desk=self.desk)

    def _check_main_countries(self) -> None:
        countries = self.library.helplines.countries
        for code in self.settings["MAIN_COUNTRIES"]:
            if countries and code not in countries:
                message = f"MAIN_COUNTRIES names {shown(code)}, which content/data/helplines.yaml does not know."
                self.problems.add("pelican.conf.py", 1, "country", message, did_you_mean(code, countries))

    def _convert(self, entry: Entry, markup: Markup) -> None:
        document = markup.convert(entry.body, entry.path, entry.body_line, self.problems, entry.slug)
        check_pattern(entry, document, self.problems)
        is_known = "content/data/helplines.yaml" not in self.library.lost
        check_help(entry, document, self.desk if is_known else None, self.problems)
        self.library.documents[entry.slug] = document
        for source in markup.images:
            self._use_image(entry, source)

    def _use_image(self, entry: Entry, source: str, line: int = 0) -> None:
        name = source.removeprefix("/")
        if name in self.library.images:
            self.library.accounts[self.library.images[name]] = "used"
            self.shelf.find(name)
        elif not source.startswith("https:") and name not in self.library.broken_images:
            line = line or line_of(entry.body, source, entry.body_line)
            cure = "Put the file in content/images/ and write ![words](/images/name.svg)."
            self.problems.add(entry.path, line, "image", f"there is no picture '{source}'.", cure)

    def _check_images(self) -> None:
        """Pictures no published page shows stay out; those no page at all shows are reported."""
        held = "\n".join(
            f"{entry.body} {entry.front.image and entry.front.image.src}" for entry in self.library.held.values()
        )
        for name, path in self.library.images.items():
            if self.library.accounts[path] == "used":
                self.library.accounts[path] = "static"
            elif name in held or self.library.may_be_lost(name):
                self.library.accounts[path] = "draft"
            else:
                self.problems.add(path, 1, "unused", f"no page shows the picture '{name}'.", "Use it or remove it.")
