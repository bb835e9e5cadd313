"""From the text of one file to an entry without its place: front matter, body, and the line of each value."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.library.code import code_of
from plugins.library.kinds import Kind
from plugins.library.schema import Front
from plugins.library.source import split_front_matter
from plugins.library.store import content_key, digest
from plugins.problems import Problem, Problems, shown
from plugins.problems.models import validate
from plugins.problems.yaml_data import Loc, YamlData, parse_yaml

Parts = tuple[Front, str, int, dict[Loc, int], YamlData | None]
"""What an entry has beside its kind, its slug and its path."""


@dataclass(frozen=True)
class EntryText:
    """The file of an entry, before it is read."""

    kind: Kind
    slug: str
    name: str
    text: str

    def key(self) -> bytes:
        """Return what stands for all that it is read from, and for the code of its kind."""
        kind = (self.kind.front, self.kind.suffix, code_of(EntryText, self.kind.front))
        return digest(content_key(kind, self.slug, self.name, self.text))

    def read(self) -> tuple[Parts | None, list[Problem]]:
        """Return what it says, and its faults."""
        problems = Problems()
        load = _load_yaml_entry if self.kind.suffix == ".yaml" else _load_markdown
        return load(self.kind.front, self.slug, self.text, self.name, problems), problems.found


@dataclass(frozen=True)
class DataText:
    """A data file, before it is read."""

    name: str
    text: str

    def key(self) -> bytes:
        """Return what stands for all that it is read from."""
        return content_key("data", self.name, self.text)

    def read(self) -> tuple[YamlData | None, list[Problem]]:
        """Return what it says, and its faults."""
        problems = Problems()
        return parse_yaml(self.text, self.name, problems), problems.found


def _load_markdown(model: type[Front], slug: str, text: str, name: str, problems: Problems) -> Parts | None:
    split = split_front_matter(text, name, problems)
    if split is None:
        return None
    front_text, body, body_line = split
    data = parse_yaml(front_text, name, problems, first_line=2)
    if data is None:
        return None
    front = validate(model, data, name, problems)
    if front is None:
        return None
    if front.slug not in (None, slug):
        problems.add(
            name,
            data.line(("slug",)),
            "slug",
            f"'slug' is {shown(front.slug)}, but the file is called {shown(slug)}.",
            "Remove the key: the file name is the slug.",
        )
    if front.safety and not front.tab_title:
        problems.add(
            name, data.line(("safety",)), "safety", "a safety page needs a 'tab_title'.", "Add a neutral one."
        )
    if not body.strip():
        problems.add(
            name,
            body_line,
            "empty",
            "there is no text below the front matter.",
            "Write it, or remove the file.",
        )
    return front, body, body_line, data.lines, None


def _load_yaml_entry(
    model: type[Front], _slug: str, text: str, name: str, problems: Problems
) -> Parts | None:
    data = parse_yaml(text, name, problems, plain=model.model_fields)
    if data is None:
        return None
    keys = set(model.model_fields) - {"slug"}
    if not isinstance(data.value, dict):
        message = f"a mapping of keys is wanted, not {shown(data.value)}."
        problems.add(name, data.line(()), "type", message, "See docs/quizzes.md.")
        return None
    shared = YamlData(
        {key: value for key, value in data.value.items() if key in keys}, data.lines, data.written
    )
    front = validate(model, shared, name, problems)
    rest = YamlData(
        {key: value for key, value in data.value.items() if key not in keys}, data.lines, data.written
    )
    return (front, "", 1, data.lines, rest) if front else None
