"""Reading one source file: bytes to text, front matter to data that knows its lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from plugins.library.problems import Problems, shown

Loc = tuple[str | int, ...]
"""A place inside YAML data: keys and list positions, outermost first."""

MAX_BYTES = 1_000_000
MAX_LINE = 20_000
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class YamlData:
    """Parsed YAML with the line of every value (``lines[("addresses", 0, "because")]``)."""

    value: Any
    lines: dict[Loc, int]

    def line(self, loc: Loc) -> int:
        """Return the line of ``loc``, or of the nearest thing around it."""
        while loc not in self.lines and loc:
            loc = loc[:-1]
        return self.lines.get(loc, 1)


def read_text(path: Path, name: str, problems: Problems) -> str | None:
    """Return the text of ``path``, or None after noting why it can't be used.

    Refused, each with its cure: files that are empty, too big, not UTF-8, with a byte
    order mark, Windows line ends, overlong lines or characters nobody can see.
    """
    raw = path.read_bytes()
    if not raw.strip():
        problems.add(name, 1, "empty", "the file is empty.", "Write the entry, or remove the file.")
        return None
    if len(raw) > MAX_BYTES:
        problems.add(name, 1, "size", f"the file has {len(raw):,} bytes.", f"The limit is {MAX_BYTES:,}: split it.")
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        problems.add(name, 1, "bom", "the file starts with a byte order mark.", "Save it as UTF-8 without BOM.")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        bad = f"0x{raw[error.start]:02x}"
        problems.add(name, line, "encoding", f"byte {bad} is not UTF-8.", "Save the file as UTF-8.")
        return None
    return text if _is_clean(text, name, problems) else None


def _is_clean(text: str, name: str, problems: Problems) -> bool:
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        problems.add(name, line, "line-ends", "the line ends with a carriage return (CRLF).", "Save with LF line ends.")
        return False
    for number, line_text in enumerate(text.split("\n"), 1):
        if len(line_text) > MAX_LINE:
            problems.add(
                name,
                number,
                "line-length",
                f"the line has {len(line_text):,} characters.",
                "Write one sentence a line.",
            )
            return False
        hidden = _HIDDEN.search(line_text)
        if hidden:
            code = f"U+{ord(hidden[0]):04X}"
            problems.add(name, number, "hidden", f"there is an invisible character, {code}.", "Delete it.")
            return False
    return True


def split_front_matter(text: str, name: str, problems: Problems) -> tuple[str, str, int] | None:
    """Return (YAML text, body, line number of the body's first line), or None if there is no front matter."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        problems.add(
            name,
            1,
            "front-matter",
            f"the file starts with {shown(lines[0])}, not with front matter.",
            "Start with a line '---', the keys, and another line '---'.",
        )
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    problems.add(name, 1, "front-matter", "the front matter is never closed.", "End it with a line '---'.")
    return None


def parse_yaml(text: str, name: str, problems: Problems, first_line: int = 1) -> YamlData | None:
    """Parse YAML; keys given twice, anchors and aliases are faults, since each loses or hides words."""
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Loc, int] = {}
        faults = len(problems.found)
        if node is not None:
            _LineMap(name, first_line, problems, lines, set()).walk(node, ())
        if len(problems.found) > faults:
            return None
        value = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        _add_yaml_fault(error, text, name, first_line, problems)
        return None
    except (ValueError, yaml.YAMLError) as error:
        problems.add(
            name, first_line, "yaml", f"the YAML has a value that can't be read: {error}.", "Put it in quotes."
        )
        return None
    except RecursionError:
        problems.add(name, first_line, "yaml", "the YAML is nested too deeply.", "Flatten it.")
        return None
    finally:
        loader.dispose()
    return YamlData(value, lines)


def _add_yaml_fault(error: yaml.MarkedYAMLError, text: str, name: str, first_line: int, problems: Problems) -> None:
    mark = error.problem_mark or error.context_mark
    at = mark.line if mark else 0
    lines = text.split("\n")
    line_text = lines[at] if at < len(lines) else ""
    cure = "Check the indentation; put text that holds ': ' or starts with a quote, '[' or '@' in quotes."
    if "\t" in line_text:
        cure = "Indent with spaces, not with a tab."
    problems.add(
        name, at + first_line, "yaml", f"this is not YAML: {error.problem or error.context} ({shown(line_text)}).", cure
    )


@dataclass
class _LineMap:
    """Notes the line of every value below a node, and what YAML would lose in silence."""

    name: str
    first_line: int
    problems: Problems
    lines: dict[Loc, int]
    seen: set[int]

    def walk(self, node: yaml.Node, loc: Loc) -> None:
        """Map ``node`` and all below it."""
        line = node.start_mark.line + self.first_line
        self.lines.setdefault(loc, line)
        if id(node) in self.seen:
            message = "the YAML repeats a value through an alias ('*')."
            self.problems.add(self.name, line, "yaml-alias", message, "Write the value out.")
            return
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.walk(item, (*loc, index))
        elif isinstance(node, yaml.MappingNode):
            self._walk_mapping(node, loc)

    def _walk_mapping(self, node: yaml.MappingNode, loc: Loc) -> None:
        keys: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + self.first_line
            if key in keys:
                message = f"the key '{key}' stands here a second time."
                self.problems.add(self.name, line, "twice", message, "Keep one of them.")
            keys.add(key)
            self.lines[*loc, key] = line
            self.walk(value_node, (*loc, key))
