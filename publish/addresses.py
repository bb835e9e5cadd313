"""Every address in a finished build, looked at once more by what is written, not by what writes.

The files are parsed as their readers will: pages by an HTML parser, feeds and drawings as
XML, data as JSON, twins as CommonMark, with entities and escapes resolved.  Whatever an
address may be is on a list; whatever is not, is a fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from posixpath import splitext
from typing import Any
from urllib.parse import urlsplit

from defusedxml import DefusedXmlException, ElementTree
from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser, LexborNode

from plugins.problems import shown

_WEB = frozenset({"https", "http"})
LINKS = _WEB | {"mailto", "tel", "sms"}
"""What a link that a reader follows may begin with, beside pages of the site."""
_OF_DATA = LINKS | {"tag"}
FOLLOWED = {("a", "href"), ("area", "href"), ("link", "href")}
ADDRESSES = {
    "href", "src", "action", "formaction", "poster", "cite", "data", "background", "longdesc", "ping",
    "manifest", "xlink:href", "codebase", "classid", "profile", "archive", "icon", "dynsrc", "lowsrc",
    "usemap",
}  # fmt: skip
SETS = {"srcset", "imagesrcset"}
LOADED_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "prefetch",
    "manifest",
    "apple-touch-icon",
    "mask-icon",
}
"""What a browser loads by itself through <link>; the other relations only name something."""
REFUSED_TAGS = {"base", "embed", "frame", "frameset", "iframe", "object", "applet", "portal", "fencedframe"}
ADDRESS_KEYS = {
    "@id", "author", "contenturl", "feed_url", "favicon", "home_page_url", "href", "icon", "id", "image",
    "item",
    "link", "logo", "next_url", "sameas", "scope", "src", "start_url", "target", "url",
}  # fmt: skip
RUNS = re.compile(
    r"^[\x00-\x20]*(?:javascript|vbscript|livescript|mocha|data|blob|filesystem|file|view-source)\s*:\S", re.I
)
"""What is dangerous wherever somebody might follow it."""
_ODD = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"{}|^`\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*):", re.I)
_CSS_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(.)", re.I | re.S)
_CSS_ADDRESS = re.compile(r"""(?:\burl\(|\bsrc\(|@import)\s*(?:"([^"]*)"|'([^']*)'|([^)\s"';]*))""", re.I)
_CSS_SET = re.compile(r"image-set\(", re.I)
PICTURES = {".png", ".ico", ".avif", ".webp", ".woff2"}
"""Endings of what is never read here."""
_NAMES_ONLY = {"class", "id", "lang", "role", "type", "rel", "name", "aria-label", "aria-labelledby"}
"""Attributes that are no addresses, in which one could only hide behind a colon or in brackets."""
_OPEN = {"[", "<"}
"""Without one of these a line of Markdown holds neither address nor HTML."""
_PLAIN = re.compile(r"\]\(([^\s()<>\\&]*)\)")
"""What can only be the end of a link with this address, wherever it stands in Markdown."""
_FOR_PARSERS = re.compile(r"\]:|<(?!\s)")
"""What may begin an address, or HTML, in another way: a name for a link, or a sharp bracket."""
_ATOM = "{http://www.w3.org/2005/Atom}"


@lru_cache(maxsize=1)
def elements(text: str) -> list[tuple[str, dict[str, str | None], LexborNode]]:
    """Return tag, attributes and node of every element of a page; it is parsed once for whoever asks next."""
    return [(str(node.tag), node.attributes, node) for node in LexborHTMLParser(text).css("*")]


@dataclass(frozen=True)
class Fault:
    """An address that may not stand where it does: ``value`` as it was found, ``words`` what is wrong."""

    value: str
    words: str

    def __str__(self) -> str:
        return f"the address {shown(self.value)} {self.words}."


@dataclass(frozen=True)
class Checker:
    """Looks at the files of a site at ``site``, an address without a slash at its end."""

    site: str

    @staticmethod
    def reads(name: str) -> bool:
        """Tell whether a file is read at all; a picture or a font holds no addresses, and is large."""
        return splitext(name)[1] not in PICTURES

    def faults(self, name: str, content: bytes) -> list[Fault]:
        """Return what is wrong with the addresses in the file ``name``, which is read as its ending says."""
        readers: dict[str, Callable[[str], Iterator[Fault]]] = {
            ".html": self.html, ".css": self.css, ".svg": self.xml, ".xml": self.xml, ".json": self.json,
            ".webmanifest": self.json, ".md": self.markdown, ".txt": self.markdown,
            "_redirects": self.redirects,
        }  # fmt: skip
        path = PurePosixPath(name)
        kind = path.suffix or path.name
        return list(dict.fromkeys(readers[kind](content.decode()))) if kind in readers else []

    @cached_property
    def _markdown(self) -> MarkdownIt:
        """Return a parser of blocks, which leaves what is in them as it is written."""
        return _Lenient("commonmark").disable("inline")

    # One address --------------------------------------------------------------

    def followed(self, value: str, schemes: frozenset[str] = LINKS) -> tuple[Fault, ...]:
        """Return what is wrong with an address that only a reader follows."""
        return _judged(self, value, schemes, remote=True)

    def loaded(self, value: str) -> tuple[Fault, ...]:
        """Return what is wrong with an address that is loaded or sent to: it has to be of this site."""
        return _judged(self, value, _WEB, remote=False)

    def fault(self, value: str, schemes: frozenset[str], *, remote: bool) -> Iterator[Fault]:
        """Yield what is wrong with an address; a ``remote`` one may be of another site."""
        scheme = _SCHEME.match(value)
        if not value:
            yield Fault(value, "is empty")
        elif _ODD.search(value):
            yield Fault(value, "holds a character that no address has")
        elif value.startswith("//"):
            yield Fault(value, "leads to another host in the guise of a page")
        elif scheme and scheme[1].lower() not in schemes:
            yield Fault(value, f"begins with '{scheme[1]}:', which is none of {', '.join(sorted(schemes))}")
        elif scheme and scheme[1].lower() in ("http", "https"):
            yield from self._web_fault(value, remote=remote)

    def _web_fault(self, value: str, *, remote: bool) -> Iterator[Fault]:
        try:
            parts = urlsplit(value)
            host, _ = parts.hostname, parts.port
        except ValueError:
            yield Fault(value, "does not parse")
            return
        if not host or not value.lower().startswith(f"{parts.scheme}://"):
            yield Fault(value, "names no host")
        elif parts.username is not None:
            yield Fault(value, "holds a name or a password")
        elif not remote and value != self.site and not value.startswith(f"{self.site}/"):
            yield Fault(value, "is not of this site")

    # Files --------------------------------------------------------------------

    def html(self, text: str) -> Iterator[Fault]:
        """Yield the faults of a page, or of HTML inside something else."""
        for tag, found, node in elements(text):
            if found or tag in REFUSED_TAGS:
                yield from _of_element(self, tag, tuple(found.items()))
            if tag == "script" and (found.get("type") or "").endswith("json"):
                yield from self.json(node.text())
            elif tag == "style":
                yield from self.css(node.text())

    def element(self, tag: str, attributes: dict[str, str]) -> Iterator[Fault]:
        """Yield the faults of an element by itself."""
        # That all links open elsewhere is no address: only a target is let through.
        if tag in REFUSED_TAGS and (tag != "base" or attributes.keys() != {"target"}):
            yield Fault(f"<{tag}>", "belongs to an element that no page may have")
        for name, value in attributes.items():
            if name not in _NAMES_ONLY or ":" in value or "(" in value:
                yield from self._attribute(tag, name, value, attributes)

    def _attribute(self, tag: str, name: str, value: str, attributes: dict[str, str]) -> Iterator[Fault]:
        if name in SETS:
            for part in value.split(","):
                yield from self.loaded(part.strip().split(" ")[0])
        elif name == "srcdoc":
            yield Fault(value, "is a page inside a page")
        elif name in ADDRESSES:
            loads = (tag, name) not in FOLLOWED or (
                tag == "link" and bool(LOADED_LINKS & set(attributes.get("rel", "").lower().split()))
            )
            yield from self.loaded(value) if loads else self.followed(value)
        elif tag == "meta" and name == "content":
            yield from self._meta(value, attributes)
        elif RUNS.match(value):
            yield Fault(value, f"stands in '{name}'")
        else:
            yield from self.css(value) if "(" in value else ()

    def _meta(self, value: str, attributes: dict[str, str]) -> Iterator[Fault]:
        names = (attributes.get(key) for key in ("property", "name", "http-equiv"))
        what = next((name for name in names if name), "").lower()
        if what == "refresh":
            _, _, address = value.partition("url=")
            yield from self.followed(address.strip("'\" "), _WEB)
        elif what.endswith((":url", ":image")):
            yield from self.loaded(value)
        elif RUNS.match(value):
            yield Fault(value, f"stands in '{what}'")

    def css(self, text: str) -> Iterator[Fault]:
        """Yield the faults of a style sheet, or of a value that holds url()."""
        plain = _CSS_ESCAPE.sub(lambda m: chr(min(int(m[1], 16), 0x10FFFF)) if m[1] else m[2], text)
        plain = re.sub(r"/\*.*?\*/", "", plain, flags=re.S)
        if _CSS_SET.search(plain):
            yield Fault("image-set()", "may be several")
        for found in _CSS_ADDRESS.finditer(plain):
            value = next((group for group in found.groups() if group is not None), "").strip()
            if value.lower() not in ("url(", "src("):
                yield from self.loaded(value)

    def xml(self, text: str) -> Iterator[Fault]:
        """Yield the faults of a feed, a sitemap or a drawing."""
        try:
            root = ElementTree.fromstring(text, forbid_dtd=True)
        except (ElementTree.ParseError, DefusedXmlException) as error:
            yield Fault(str(error), "can't be looked for, since the file is no XML")
            return
        is_drawing = root.tag.endswith("}svg")
        for node in root.iter():
            words = node.text or ""
            for name, value in node.attrib.items():
                yield from self._xml_attribute(name.rpartition("}")[2], value, is_drawing=is_drawing)
            if node.get("type") in ("html", "xhtml"):
                yield from self.html(words)
            elif node.tag.endswith("}loc") or node.tag in (f"{_ATOM}uri", f"{_ATOM}logo", f"{_ATOM}icon"):
                yield from self.loaded(words.strip())
            elif node.tag == f"{_ATOM}id":
                yield from self.followed(words.strip(), _WEB | {"tag"})
            elif node.tag.endswith("}style"):
                yield from self.css(words)

    def _xml_attribute(self, name: str, value: str, *, is_drawing: bool) -> Iterator[Fault]:
        if is_drawing and name in ADDRESSES:
            if not re.fullmatch(r"#[\w.-]+", value):
                yield Fault(value, "leads out of a drawing")
        elif name in ADDRESSES:
            yield from self.followed(value)
        elif RUNS.match(value):
            yield Fault(value, f"stands in '{name}'")
        elif "(" in value:
            yield from self.css(value)

    def json(self, text: str) -> Iterator[Fault]:
        """Yield the faults of data for programs."""
        try:
            yield from self._value("", json.loads(text))
        except ValueError as error:
            yield Fault(str(error), "can't be looked for, since this is no JSON")

    def _value(self, key: str, value: Any) -> Iterator[Fault]:
        waiting = [(key, value)]
        while waiting:
            key, value = waiting.pop()
            if isinstance(value, str):
                yield from self._text(key, value)
            elif isinstance(value, dict):
                yield from (Fault(name, "is a key") for name in value if RUNS.match(name))
                waiting.extend((name.lower(), value[name]) for name in reversed(value))
            elif isinstance(value, list):
                waiting.extend((key, inner) for inner in reversed(value))

    def _text(self, key: str, value: str) -> Iterator[Fault]:
        if key == "content_html":
            yield from self.html(value)
        elif key in ADDRESS_KEYS:
            yield from self.followed(value, _OF_DATA)
        elif RUNS.match(value):
            yield Fault(value, f"stands at '{key}'")

    def markdown(self, text: str) -> Iterator[Fault]:
        """Yield the faults of a twin, read as CommonMark by a parser that lets every address through.

        That is done where it could find any: most twins have nothing but links whose addresses are plain.
        """
        if not self.is_plain(text):
            yield from self.parsed(text)

    def is_plain(self, text: str) -> bool:
        """Tell whether all that could be an address, in code too, is one that may be, and nothing is HTML."""
        found = _PLAIN.findall(text)
        if text.count("](") > len(found) or _FOR_PARSERS.search(text):
            return False
        may_be = [self.followed, self.loaded] if "![" in text else [self.followed]
        return not any(faults(value) for value in set(found) for faults in may_be)

    def parsed(self, text: str) -> Iterator[Fault]:
        """Yield the faults of a twin as the parser finds them."""
        named: dict[str, Any] = {}
        for token in self._markdown.parse(text, named):
            yield from self._token(token)
            if token.type == "inline" and not _OPEN.isdisjoint(token.content):
                # The same line stands in many twins; it depends on no other line, unless links are named.
                yield from (
                    self.line(token.content, named) if named.get("references") else _line(self, token.content)
                )

    def line(self, text: str, named: dict[str, Any]) -> Iterator[Fault]:
        """Yield the faults of a paragraph, or of what else stands by itself in a twin."""
        for token in self._markdown.inline.parse(text, self._markdown, named, []):
            yield from self._token(token)

    def _token(self, token: Token) -> Iterator[Fault]:
        if token.type in ("html_block", "html_inline"):
            yield Fault(token.content, "may stand in this HTML")
        if "href" in token.attrs:
            yield from self.followed(str(token.attrs["href"]))
        if "src" in token.attrs:
            yield from self.loaded(str(token.attrs["src"]))

    def redirects(self, text: str) -> Iterator[Fault]:
        """Yield the faults of the hosts' list of redirects: both ends are pages of this site."""
        for row in text.splitlines():
            for address in row.split(" ")[:2]:
                if not re.fullmatch(r"/(?:[\w.~-]+/)*", address):
                    yield Fault(address, "is no page of this site")


@lru_cache(maxsize=50_000)
def _judged(checker: Checker, value: str, schemes: frozenset[str], *, remote: bool) -> tuple[Fault, ...]:
    """Return what is wrong with an address: most stand on many pages."""
    return tuple(checker.fault(value, schemes, remote=remote))


@lru_cache(maxsize=20_000)
def _of_element(
    checker: Checker, tag: str, attributes: tuple[tuple[str, str | None], ...]
) -> tuple[Fault, ...]:
    """Return what is wrong with an element: most of them stand on many pages."""
    return tuple(checker.element(tag, {name: value or "" for name, value in attributes}))


@lru_cache(maxsize=50_000)
def _line(checker: Checker, text: str) -> tuple[Fault, ...]:
    return tuple(checker.line(text, {}))


class _Lenient(MarkdownIt):
    """CommonMark that takes every address for one, and leaves it as it is written."""

    def validateLink(self, url: str) -> bool:
        """Return True: judging comes later."""
        return True

    def normalizeLink(self, url: str) -> str:
        """Return the address, unquoted as it is."""
        return url


def address_faults(output: Path, site: str) -> Iterator[tuple[str, Fault]]:
    """Yield (file name, fault) of every address below ``output`` that is on no list."""
    checker = Checker(site.rstrip("/"))
    for path in sorted(output.rglob("*")):
        name = path.relative_to(output).as_posix()
        if checker.reads(name) and path.is_file():
            for fault in checker.faults(name, path.read_bytes()):
                yield name, fault
