"""Writes the pages that show the graph as a whole, and ``library.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.crosslinks.export import export_library
from plugins.crosslinks.graph import Graph
from plugins.crosslinks.layout import Layout, lay_out
from plugins.library.entries import Library

PAGES = ("map", "evidence", "finder", "search")
"""Each is a template and the folder it is written to."""


class GraphGenerator(Generator):  # type: ignore[misc]
    """Pages that show the graph as a whole."""

    def generate_output(self, writer: Any) -> None:
        """Write ``/map/``, ``/evidence/``, ``/finder/``, ``/search/`` and ``/library.json``."""
        library, graph = self.context["library"], self.context["graph"]
        for name in PAGES:
            page = {"page_url": f"/{name}/", **({"layout": map_layout(library, graph)} if name == "map" else {})}
            template = self.get_template(name)
            writer.write_file(f"{name}/index.html", template, self.context, override_output=True, **page)
        data = export_library(library, graph, self.settings["SITE_ORIGIN"])
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
        Path(self.output_path, "library.json").write_text(text, encoding="utf-8")


def map_layout(library: Library, graph: Graph) -> Layout:
    """Return the map: obstacles on the left, strategies between, signs on the right, by slug."""
    columns = [[entry.slug for entry in library.of_kind(kind)] for kind in ("obstacle", "strategy", "sign")]
    strategies = library.of_kind("strategy")
    helps = [(target.slug, one.slug) for one in strategies for target in graph.targets(one, "addresses")]
    feeds = [(one.slug, target.slug) for one in strategies for target in graph.targets(one, "strengthens")]
    return lay_out(columns, [helps, feeds])
