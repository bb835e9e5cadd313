"""The one generator for every kind: reads and converts all of ``content/``, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pelican.generators import CachingGenerator

from plugins.library.bodies import read_bodies
from plugins.library.cache import FOLDER, check_cache
from plugins.library.entries import Entry, Library
from plugins.library.events import library_loaded
from plugins.library.helpblocks import check_help
from plugins.library.helpdesk import open_desk
from plugins.library.loader import load_library
from plugins.library.patterns import check_pattern
from plugins.library.pictures import Shelf
from plugins.library.text.body import NOWHERE, Body
from plugins.library.text.document import Renderer
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
        renderer = Renderer(self.settings["BASE_PATH"], self.shelf)
        read_bodies(self.library, self.problems)
        self.desk = open_desk(self.library.helplines, self.settings["MAIN_COUNTRIES"])
        self._check_main_countries()
        library_loaded.send(self, library=self.library, renderer=renderer, problems=self.problems)
        for entry in self.library.entries.values():
            if entry.slug in self.library.bodies:
                body = self.library.bodies[entry.slug]
                self._check(entry, body)
                self.library.documents[entry.slug] = renderer.render(entry.slug, body)
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

    def _check(self, entry: Entry, body: Body) -> None:
        if body.unread:
            return
        check_pattern(entry, body, self.problems)
        is_known = "content/data/helplines.yaml" not in self.library.lost
        check_help(entry, body, self.desk if is_known else None, self.problems)
        for picture in body.pictures:
            self._use_image(entry, picture.get("src"), picture.line)

    def _use_image(self, entry: Entry, source: str, line: int) -> None:
        name = source.removeprefix("/")
        if name in self.library.images:
            self.library.accounts[self.library.images[name]] = "used"
            self.shelf.find(name)
        elif source != NOWHERE and name not in self.library.broken_images:
            cure = "Put the file in content/images/ and write ![words](/images/name.svg)."
            self.problems.add(entry.path, line, "image", f"there is no picture '{source}'.", cure)

    def _held_images(self) -> Iterator[str]:
        """Yield the names of the pictures of drafts and scheduled entries."""
        for entry in self.library.held.values():
            if entry.front.image:
                yield entry.front.image.src
            for picture in self.library.bodies.get(entry.slug, Body()).pictures:
                yield picture.get("src").removeprefix("/")

    def _check_images(self) -> None:
        """Pictures no published page shows stay out; those no page at all shows are reported."""
        held = set(self._held_images())
        for name, path in self.library.images.items():
            if self.library.accounts[path] == "used":
                self.library.accounts[path] = "static"
            elif name in held or self.library.may_be_lost(name):
                self.library.accounts[path] = "draft"
            else:
                self.problems.add(path, 1, "unused", f"no page shows the picture '{name}'.", "Use it or remove it.")
