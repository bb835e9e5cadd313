"""``library.json``: the graph for other programs.

Its shape is described in ``docs/library.schema.json``; the first number of ``VERSION``
changes when a key changes its meaning or goes away, the second when one comes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from plugins.common_thread.evidence import Evidence
from plugins.crosslinks.graph import Graph
from plugins.library.entries import Entry, Library
from plugins.voices.said import Voices

VERSION = "1.2"


def export_library(
    library: Library,
    graph: Graph[Entry],
    evidence: Evidence,
    site_url: str,
    voices: Mapping[str, Voices] | None = None,
) -> dict[str, Any]:
    """Return the published library as plain data, in a fixed order.

    ``site_url`` has no slash at its end; addresses are absolute.
    """
    return {
        "version": VERSION,
        "licence": "CC-BY-SA-4.0",
        "relation_types": [
            {
                "name": relation.name,
                "from": relation.source,
                "to": relation.target,
                "forward": relation.forward,
                "inverse": relation.inverse,
                "symmetric": relation.symmetric,
            }
            for relation in graph.types.values()
        ],
        "entries": [
            {
                "id": entry.slug,
                "kind": entry.kind.name,
                "title": entry.title,
                "url": site_url + entry.url,
                "summary": entry.front.summary,
                "reviewed": entry.front.reviewed.isoformat(),
                "voices": len((voices or {}).get(entry.slug, ())),
            }
            for entry in library.pages()
        ],
        "relations": [
            {
                "from": relation.source.slug,
                "type": relation.type.name,
                "to": relation.target.slug,
                "because": relation.because or None,
            }
            for relation in graph.relations
        ],
        "evidence": [
            {
                "id": item.id,
                "cite": item.cite,
                "doi": item.doi,
                "claim": item.claim,
                "limits": item.limits,
                "read": item.read,
                "cited_by": [citation.entry.slug for citation in graph.cited_by.get(item.id, ())],
            }
            for item in evidence.studies.values()
        ],
    }


def to_text(data: Mapping[str, Any]) -> str:
    """Return JSON with a line for each entry, each relation and each source.

    Python indents JSON in four times the time that it takes to write a line.
    """
    rows = [f"{_line(key)}: {_lines(value)}" for key, value in data.items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _line(value)
    return "[\n" + ",\n".join(map(_line, value)) + "\n]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
