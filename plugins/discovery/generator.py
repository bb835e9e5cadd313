"""Writes the files about the site as a whole, and the twin of every page."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.discovery import feeds
from plugins.discovery.icons import make_icons, make_manifest
from plugins.discovery.sitemap import is_listed, last_change, to_sitemap
from plugins.discovery.structured import Describer
from plugins.discovery.twins import SAFETY_GUIDE, TwinWriter, twin_path
from plugins.library.entries import Library
from plugins.library.kinds import KINDS
from plugins.library.markup import text_of
from plugins.sharing.heads import Sharing
from plugins.sharing.raster import render_png


class DiscoveryGenerator(Generator):  # type: ignore[misc]
    """Files about the site as a whole; stands after every generator that writes pages."""

    def generate_context(self) -> None:
        """Give templates ``structured(head)``, and ``twin_path`` for pages that have one."""
        self.context["twin_path"] = twin_path
        self.context["structured"] = self._describe

    def _describe(self, head: Any) -> Any:
        return self._describer(head)

    @cached_property
    def _describer(self) -> Describer:
        return Describer(
            self._library,
            self.context["graph"],
            self.settings["SITENAME"],
            self.settings["SITESUBTITLE"],
            self._origin,
            self._sharing.language,
            self.context.get("quizzes", {}),
        )

    @property
    def _library(self) -> Library:
        library: Library = self.context["library"]
        return library

    @property
    def _sharing(self) -> Sharing:
        sharing: Sharing = self.context["sharing"]
        return sharing

    @property
    def _origin(self) -> str:
        return str(self.settings["SITE_ORIGIN"])

    def generate_output(self, _writer: Any) -> None:
        """Write sitemap, robots, feeds, twins, ``llms.txt``, icons and manifest."""
        self._write_sitemap()
        self._write_feeds()
        self._write_twins()
        self._write_icons()

    def _write(self, name: str, content: str | bytes) -> None:
        path = Path(self.output_path, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def _write_sitemap(self) -> None:
        output = Path(self.output_path)
        heads = [head for url, head in self._sharing.heads.items() if is_listed(output, url)]
        heads.sort(key=lambda head: head.url)
        self._write("sitemap.xml", to_sitemap((self._origin + h.url, last_change(h, self._library)) for h in heads))
        self._write("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {self._origin}/sitemap.xml\n")

    def _write_feeds(self) -> None:
        site, language = self.settings["SITENAME"], self._sharing.language
        images = {url: f"{self._origin}/assets/{head.card.name}" for url, head in self._sharing.heads.items()}
        for feed in (
            feeds.guide_feed(self._library, self._origin, site, images),
            feeds.change_feed(self._library, self._origin, site),
        ):
            self._write(f"{feed.path}.atom.xml", feeds.to_atom(feed, self._origin, site, language))
            self._write(f"{feed.path}.json", feeds.to_json(feed, self._origin, site, language))

    def _write_twins(self) -> None:
        twins = TwinWriter(
            self._library, self.context["graph"], self._origin, self._note(), self.context.get("quizzes", {})
        )
        for entry in self._library.pages():
            if entry.slug != "404":
                self._write(twin_path(entry.url), twins.entry(entry))
        for kind in KINDS.values():
            head = self._sharing.heads.get(kind.index_url)
            if kind.name != "page" and head is not None:
                self._write(twin_path(kind.index_url), twins.index(kind, head.title, head.description))
        site, slogan = self.settings["SITENAME"], self.settings["SITESUBTITLE"]
        self._write("llms.txt", twins.contents(site, slogan))

    def _note(self) -> str:
        """Return the standard safety note in words, from the template that all pages use."""
        guide = self._library.entries[SAFETY_GUIDE]
        template = self.env.get_template("components/note.html")
        words = text_of(str(template.make_module({}).safety_note(guide)))
        return words.replace(guide.title, f"[{guide.title}]({self._origin}{guide.url})")

    def _write_icons(self) -> None:
        source = Path(self.settings["THEME"], "static", "img", "icon.svg").read_text(encoding="utf-8")
        cache = self._sharing.cache / "cards"
        for name, content in make_icons(source, lambda svg: render_png(svg, cache)).items():
            self._write(name, content)
        palette = self._sharing.palette
        manifest = make_manifest(
            self.settings["SITENAME"],
            self.settings["SITESUBTITLE"],
            self.settings["BASE_PATH"],
            self._sharing.language,
            {"paper": palette.paper, "accent": palette.accent},
        )
        self._write("site.webmanifest", manifest)
