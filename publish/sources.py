"""The sources of the library as they lie on the disk, for commands that change them as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from plugins.common_thread.kind import AnyKind
from plugins.common_thread.popular import Reads
from plugins.crosslinks.coverage import Rule
from plugins.library.kinds import Kinds
from plugins.library.source import split_front_matter
from plugins.problems import Problems
from plugins.problems.yaml_data import parse_yaml
from plugins.quiz.schema import TYPES
from publish.references import Exchange, Rewritten, Schema, UnclearError, rewrite_body, rewrite_yaml

COVERAGE = "content/data/coverage.yaml"
POPULAR = "content/data/popular.yaml"
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Home:
    """Where an entry lives: its slug, kind, file, and whether readers may have seen its address."""

    slug: str
    kind: AnyKind
    path: str
    published: bool

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return self.kind.url(self.slug)


class Sources:
    """Every text file below ``content/``, by its path in the project."""

    def __init__(self, files: Mapping[str, bytes], kinds: Kinds[AnyKind]) -> None:
        self.files, self.kinds = dict(files), kinds
        self._schemas: dict[str, list[Schema]] = {}

    @classmethod
    def read(cls, project: Path, kinds: Kinds[AnyKind]) -> Sources:
        """Read them from a project."""
        found = {
            path.relative_to(project).as_posix(): path.read_bytes()
            for path in sorted((project / "content").rglob("*"))
            if path.suffix in (".md", ".yaml") and path.is_file() and not path.is_symlink()
        }
        return cls(found, kinds)

    def kind_of(self, path: str) -> AnyKind | None:
        """Return the kind of the entry in a file, or None for anything else."""
        parts = PurePosixPath(path).parts
        kind = self.kinds.by_folder.get(parts[1]) if len(parts) == 3 else None
        return kind if kind and path.endswith(kind.suffix) else None

    def slugs(self) -> dict[str, str]:
        """Return the path of each entry by its slug."""
        return {PurePosixPath(path).stem: path for path in self.files if self.kind_of(path)}

    def home(self, slug: str, today: dt.date) -> Home | None:
        """Return where an entry lives, or None if there is none."""
        path = self.slugs().get(slug)
        kind = self.kind_of(path) if path else None
        if path is None or kind is None:
            return None
        front = self._front(path)
        date = front.get("date")
        held = front.get("status") == "draft" or (isinstance(date, dt.date) and date > today)
        return Home(slug, kind, path, not held)

    def title(self, path: str) -> str:
        """Return what an entry is called, or its slug if nobody can tell."""
        return str(self._front(path).get("title") or PurePosixPath(path).stem)

    def text(self, path: str) -> str:
        """Return a file as the build reads it: no byte order mark, plain line ends."""
        raw = self.files[path].removeprefix(_MARK)
        return raw.decode("utf-8", errors="surrogateescape").replace("\r\n", "\n").replace("\r", "\n")

    def bytes_of(self, path: str, text: str) -> bytes:
        """Return a text as it has to lie on the disk, with the mark and line ends of the file at ``path``."""
        before = self.files.get(path, b"")
        ends = text.replace("\n", "\r\n") if b"\r\n" in before else text
        return _MARK * before.startswith(_MARK) + ends.encode("utf-8", errors="surrogateescape")

    def rewritten(self, path: str, exchange: Exchange) -> Rewritten:
        """Return a file with every reference exchanged.

        Raises :class:`UnclearError` where a person has to decide.
        """
        text, kind = self.text(path), self.kind_of(path)
        if exchange.old not in text:
            return Rewritten(text)
        if path.endswith(".yaml"):
            return rewrite_yaml(text, self._schemas_of(path, kind), exchange)
        split = split_front_matter(text, path, Problems())
        if kind is None or split is None:
            raise UnclearError(1, f"'{exchange.old}' stands in it, and the file can't be read")
        front, body, first_line = split
        rows = text.split("\n")
        above = rewrite_yaml(front, self._schemas_of(path, kind), exchange)
        below = rewrite_body(body, first_line, exchange)
        changed = [rows[0], above.text, rows[first_line - 2], below.text]
        return Rewritten("\n".join(changed), (*(line + 1 for line in above.lines), *below.lines))

    def _schemas_of(self, path: str, kind: AnyKind | None) -> list[Schema]:
        key = kind.name if kind else path
        if key not in self._schemas:
            self._schemas[key] = list(_schemas(path, kind))
        return self._schemas[key]

    def _front(self, path: str) -> dict[str, Any]:
        text = self.text(path)
        if path.endswith(".md"):
            split = split_front_matter(text, path, Problems())
            text = split[0] if split else ""
        data = parse_yaml(text, path, Problems())
        return data.value if data and isinstance(data.value, dict) else {}


def _schemas(path: str, kind: AnyKind | None) -> Iterator[Schema]:
    """Yield the schemas that say which values of a file are slugs."""
    if kind:
        yield kind.front.model_json_schema()
    if kind and kind.suffix == ".yaml":
        yield from (model.model_json_schema() for model in TYPES.values())
    for list_, item in ((COVERAGE, Rule), (POPULAR, Reads)):
        if path == list_:
            yield {"items": {"$ref": "#/$defs/Item"}, "$defs": {"Item": item.model_json_schema()}}


def redirects_with(text: str, path: str, leads: Mapping[str, str], dropped: str = "") -> str:
    """Return the file of redirects with ``leads`` added.

    What led to one of them leads on, and ``dropped`` goes.
    """
    data = parse_yaml(text, path, Problems())
    known = data.value if data and isinstance(data.value, dict) else {}
    rows = [row for row in text.split("\n") if row.strip() != "{}"]
    for old, new in known.items():
        if old in (dropped, *leads) or new in leads:
            line = data.line((old,)) - 1 if data else 0
            row = text.split("\n")[line]
            at = rows.index(row)
            rows[at : at + 1] = [] if old in (dropped, *leads) else [f"{old}: {leads[new]}"]
    while rows and not rows[-1].strip():
        rows.pop()
    rows += [f"{old}: {new}" for old, new in leads.items()]
    has_any = any(row.strip() and not row.lstrip().startswith("#") for row in rows)
    return "\n".join([*rows, *(() if has_any else ("{}",)), ""])
