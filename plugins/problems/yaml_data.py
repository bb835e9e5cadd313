"""YAML to data that knows its lines, without losing a word in silence."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

import yaml

from . import Problems, shown
from .characters import HIDDEN, code, entity_in

Loc = tuple[str | int, ...]
"""A place inside YAML data: keys and list positions, outermost first."""

MAX_DEPTH = 12
MAX_NODES = 60_000
_QUOTE = "Put the value in quotes."
_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = {f"{_CORE}{name}" for name in ("bool", "float", "int", "null", "str", "timestamp")}
CODE = re.compile(r"\s*^```\n(?P<block>.*?)^```$\s*|`(?P<span>[^`\n]+)`", re.S | re.M)
"""Code in a text: a block between lines of three backticks, or a few words between single ones."""
_MARKUP = re.compile(r"<[a-zA-Z/!?][^>\n]*>?|\]\(|\[\[|\[@")
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d{0,17})")


@dataclass(frozen=True)
class YamlData:
    """Parsed YAML with the line of every value (``lines[("addresses", 0, "because")]``).

    ``written`` holds what stood in the file for each value that is no text: ``yes``, ``1_000``.
    """

    value: Any
    lines: dict[Loc, int]
    written: dict[Loc, str] = field(default_factory=dict)

    def line(self, loc: Loc) -> int:
        """Return the line of ``loc``, or of the nearest thing around it."""
        while loc not in self.lines and loc:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def items(self) -> list[YamlData]:
        """Return the items of a list, each with its own lines."""
        parts = [YamlData(value, {}, {}) for value in self.value]
        for loc, line in self.lines.items():
            if loc:
                parts[int(loc[0])].lines[loc[1:]] = line
        for loc, words in self.written.items():
            if loc:
                parts[int(loc[0])].written[loc[1:]] = words
        return parts


def parse_yaml(
    text: str, name: str, problems: Problems, first_line: int = 1, *, plain: Container[str] | None = None
) -> YamlData | None:
    """Parse YAML, or return None after noting what YAML would lose, change or hide.

    Keys given twice, anchors, aliases, merged mappings, tags, keys that are no text, words
    cut off by ``#``, numbers that are read as others, and characters nobody sees.
    With ``plain``, the texts below any other key than those may be Markdown, if not HTML: they may have many
    lines and links, and what stands between backticks may look like anything: whoever shows it escapes it.
    """
    desk = _Desk(text, name, first_line, problems, plain=plain)
    try:
        if not _is_bounded(text, desk):
            return None
        # Composing is recursive in C, where too deep a file would end the process: it is bounded just above.
        # We compose nodes and build the data ourselves, since only nodes know where they stand in the file.
        loader = yaml.CSafeLoader(text)
        try:
            node = loader.get_single_node()
            tree = _Tree(desk, loader)
            value = tree.value(node, ()) if node is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        _add_yaml_fault(error, desk)
        return None
    except (ValueError, yaml.YAMLError) as error:
        desk.fault(0, "yaml", f"the YAML can't be read: {error}.", _QUOTE)
        return None
    return None if desk.faults else YamlData(value, tree.lines, tree.written)


@dataclass
class _Desk:
    """What every step needs at hand; lines are YAML's own here, which count from 0."""

    text: str
    name: str
    first_line: int
    problems: Problems
    faults: int = 0
    plain: Container[str] | None = None

    def __post_init__(self) -> None:
        self.rows = self.text.split("\n")

    def row(self, number: int) -> str:
        """Return a line of the text; the one behind the last is empty."""
        return self.rows[number] if number < len(self.rows) else ""

    def fault(self, line: int, rule: str, message: str, cure: str, column: int = 0) -> None:
        """Note a fault."""
        self.faults += 1
        last = len(self.rows) - 1
        known = column if line <= last else 0
        self.problems.add(self.name, min(line, last) + self.first_line, rule, message, cure, column=known)


def _is_bounded(text: str, desk: _Desk) -> bool:
    """Go through the events of a file one by one; stop at the first that hides something or goes too far."""
    depth = nodes = documents = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        line = event.start_mark.line if event.start_mark else 0
        nodes += isinstance(event, yaml.NodeEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            desk.fault(line, "yaml", f"the YAML is nested more than {MAX_DEPTH} deep.", "Flatten it.")
        elif nodes > MAX_NODES:
            desk.fault(line, "yaml", f"the YAML has more than {MAX_NODES:,} values.", "Split the file.")
        elif documents > 1:
            desk.fault(line, "yaml", "a second document starts here.", "Remove the line '---'.")
        elif isinstance(event, yaml.NodeEvent) and event.anchor:
            words = shown(f"{'*' if isinstance(event, yaml.AliasEvent) else '&'}{event.anchor}")
            cure = "Write the value out where it is wanted; put text in quotes."
            desk.fault(
                line, "yaml-alias", f"{words} is not shown: YAML takes it for an alias or its anchor.", cure
            )
        if desk.faults:
            return False
    return True


def _add_yaml_fault(error: yaml.MarkedYAMLError, desk: _Desk) -> None:
    """Note that this is not YAML, where the unfinished thing starts rather than where the file ends."""
    # A bracket or quotation mark that is never closed is only missed at the end of the file: the context mark
    # is where it was opened.  For all else the problem mark is the nearer one.
    is_open = re.search(r"flow|simple key|unexpected end", f"{error.context} {error.problem}")
    mark = (is_open and error.context_mark) or error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    row = desk.row(line)
    cure = "Check the indentation; put text that holds ': ' or starts with a symbol in quotes."
    if "\t" in row:
        cure = "Indent with spaces, not with a tab."
    message = f"this is not YAML: {error.problem or error.context} ({shown(row)})."
    desk.fault(line, "yaml", message, cure, column=mark.column + 1 if mark else 0)


@dataclass
class _Tree:
    """Builds the data below a node, and notes the line of every value."""

    desk: _Desk
    loader: Any
    lines: dict[Loc, int] = field(default_factory=dict)
    written: dict[Loc, str] = field(default_factory=dict)

    def value(self, node: yaml.Node, loc: Loc) -> Any:
        """Return the data below ``node``."""
        last = len(self.desk.rows) - 1  # an empty value may start behind the last line
        self.lines.setdefault(loc, min(node.start_mark.line, last) + self.desk.first_line)
        if self._starts(node).startswith("!"):
            self._refuse_tag(node)
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, loc)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        return [self.value(item, (*loc, index)) for index, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = key_node.value, key_node.start_mark.line
            if key_node.tag == f"{_CORE}merge":
                message = "the key '<<' merges other keys in, which nobody sees here."
                self.desk.fault(line, "yaml-merge", message, "Write the keys out.")
            elif key_node.tag != f"{_CORE}str" or self._starts(key_node).startswith("!"):
                words = key if isinstance(key, str) else self.desk.row(line).strip()
                message = f"the key {shown(words)} is no text."
                self.desk.fault(line, "yaml-key", message, "Put it in quotes, or use a word.")
            elif key in found:
                message = f"the key {shown(key)} stands here a second time."
                self.desk.fault(line, "twice", message, "Keep one of them.")
            else:
                self._check_words(key_node)
                self.lines[*loc, key] = line + self.desk.first_line
                found[key] = self.value(value_node, (*loc, key))
        return found

    def _scalar(self, node: yaml.ScalarNode, loc: Loc) -> Any:
        text = node.tag == f"{_CORE}str"
        if text or not node.value:
            self._check_cut(node)
        if text:
            self._check_words(node, loc)
            return node.value
        self.written[loc] = node.value
        line, value = node.start_mark.line, shown(node.value)
        if node.tag not in _PLAIN_TAGS:
            self._refuse_tag(node)
        elif node.tag == f"{_CORE}int" and not _NUMBER.fullmatch(node.value):
            cure = "Write it as a plain number, like 12; if it is text, put it in quotes."
            self.desk.fault(line, "yaml-number", f"the number {value} would be read as another one.", cure)
        else:
            try:
                return self.loader.construct_object(node)
            except (ValueError, yaml.YAMLError):
                cure = "Write a day that there is, as 2026-11-22; put text in quotes."
                self.desk.fault(line, "yaml", f"the value {value} can't be read.", cure)
        return None

    def _starts(self, node: yaml.Node) -> str:
        """Return the rest of the line on which a value starts."""
        return self.desk.row(node.start_mark.line)[node.start_mark.column :]

    def _refuse_tag(self, node: yaml.Node) -> None:
        message = f"{shown(self._starts(node))} means something of its own in YAML."
        self.desk.fault(node.start_mark.line, "yaml-tag", message, _QUOTE)

    def _check_cut(self, node: yaml.ScalarNode) -> None:
        """Words behind `` #`` are lost, unless the value stands in quotes."""
        line, rest = node.end_mark.line, self.desk.row(node.end_mark.line)[node.end_mark.column :]
        # A plain value ends before `` #``; what stands behind it on the line is in no node, only in the row.
        if not node.style and re.match(r"\s+#", rest):
            cure = "Put the whole value in quotes, or the remark on a line of its own."
            self.desk.fault(line, "yaml-comment", f"{shown(rest.strip())} is cut off the value.", cure)

    def _check_words(self, node: yaml.ScalarNode, loc: Loc = ()) -> None:
        """Text is plain: one line, no markup, and nothing but what can be seen; nor is HTML Markdown."""
        value = node.value
        hidden = HIDDEN.search(value)
        if hidden:
            message = f"there is a character that readers can't see, {code(hidden[0])}."
            self.desk.fault(node.start_mark.line, "hidden", message, "Delete it.")
            return
        is_markdown = bool(loc) and self.desk.plain is not None and loc[0] not in self.desk.plain
        if is_markdown:
            value = re.sub(r"[\n\r]|\]\(", " ", CODE.sub(" ", value))
        broken = re.search(r"[\n\r\t]", value.strip())
        if broken:
            what = "a tab" if broken[0] == "\t" else "a line break"
            cure = "Write one line, or start the value with '>-'."
            self.desk.fault(node.start_mark.line, "line-break", f"there is {what} in {shown(value)}.", cure)
            return
        markup = _MARKUP.search(value)
        found = markup[0] if markup else entity_in(value)
        if found:
            cure = "Write plain words: links, tags and entities work in the text of a page only."
            if is_markdown:
                cure = "Write words, or Markdown: neither tags nor entities are read here."
            self.desk.fault(self._line_with(node, found), "markup", f"there is markup, {shown(found)}.", cure)

    def _line_with(self, node: yaml.Node, words: str) -> int:
        """Return the line of a value that holds ``words``, or its first."""
        first, last = node.start_mark.line, node.end_mark.line
        return next((line for line in range(first, last + 1) if words in self.desk.row(line)), first)
