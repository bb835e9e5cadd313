"""``./publish.sh new KIND "Title"``: a file with every key in place, and remarks that say what belongs there.

On a terminal it asks for what the kind needs and offers entries by name; elsewhere it takes ``--set``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel

from plugins.common_thread.addresses import REDIRECTS, places
from plugins.common_thread.keys import SHARED, Key, keys_of
from plugins.common_thread.kind import AnyKind
from plugins.library.filters import today
from plugins.library.loader import SLUG, is_portable
from plugins.library.source import split_front_matter
from plugins.problems import Problem, Problems, did_you_mean, shown
from plugins.problems.models import validate
from plugins.problems.yaml_data import parse_yaml
from publish.journal import WHOLE, RefusedError
from publish.site_settings import site_kinds
from publish.sources import Sources

ROOT = Path(__file__).resolve().parent.parent

SUMMARY = "What readers will find under '{}', in one or two sentences of 60 to 155 characters."
"""As long as nobody has written one; no two entries may have the same, so it has the title in it."""
BECAUSE = "Why this helps with that, in one sentence."

Item = tuple[str, str]
"""A slug, and the reason why it is named (or nothing)."""
Ask = Callable[[str], str]
T = TypeVar("T")


def skeleton(kind: AnyKind, title: str, day: dt.date, answers: Mapping[str, str] | None = None) -> str:
    """Return the text of a new entry, as a draft; ``answers`` holds the YAML of each key that is known."""
    known = answers or {}
    rows = [
        f"title: {_plain(title)}\n",
        "# What search engines and cards show, 60 to 155 characters.\n",
        f"summary: {known.get('summary', _plain(SUMMARY.format(title)))}\n",
        "# Remove this line to publish the entry.\nstatus: draft\n",
        f"# Until that day the entry is held back.\ndate: {day}\n" if kind.dated else "",
        f"# The day somebody last held the page against the house rules.\nreviewed: {day}\n",
        *(f"{key.remark}{key.name}: {known.get(key.name, key.value)}\n" for key in keys_of(kind)),
    ]
    length = f"# {kind.words[0]} to {kind.words[1]} words. " if kind.words else "# "
    rows.append(f"{length}docs/editing.md has the house rules; remarks like this one may go.\n")
    body = "\n\n".join(f"## {heading}\n\nText." for heading in kind.headings) or "Text."
    return f"---\n{''.join(rows)}---\n\n{body}\n"


def left_as_begun(kind: AnyKind, front: BaseModel, body: str) -> Iterator[tuple[str, int]]:
    """Yield (key, index or row) of what still stands as a new file has it; of the text, the key is empty."""
    summary = SUMMARY.format(getattr(front, "title", ""))
    samples = {key.name: key.value for key in keys_of(kind) if key.value.endswith(".")}
    for name, value in ({"summary": summary} | samples).items():
        if getattr(front, name, "") == value:
            yield name, 0
    for at, item in enumerate(getattr(front, "addresses", ())):
        if item.because == BECAUSE:
            yield "addresses", at
    for row, line in enumerate(body.split("\n")):
        if line == "Text.":
            yield "", row


def _plain(text: str) -> str:
    """Return text as a YAML value, in quotes where it needs them."""
    value: str = yaml.safe_dump(text, allow_unicode=True, width=10_000)
    return value.removesuffix("\n").removesuffix("\n...")


def slug_of(title: str) -> str:
    """Return a slug made of the words of a title."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("'", "")).strip("-")


# What a key may hold -------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """What a key may hold: one or ``many`` of ``options`` (value → what it is called), if there are any.

    With an ``item_key`` each stands under that, with a sentence under ``because`` that says why.
    """

    options: Mapping[str, str]
    many: bool = False
    item_key: str = ""
    number: bool = False

    def written(self, items: Iterable[Item]) -> str:
        """Return the YAML of what was chosen."""
        found = list(items)
        if self.item_key:
            rows = (
                f"\n  - {self.item_key}: {slug}\n    because: {_plain(why or BECAUSE)}" for slug, why in found
            )
            return "".join(rows) or "[]"
        if self.many:
            return f"[{', '.join(slug if self.options else _plain(slug) for slug, _ in found)}]"
        return found[0][0] if self.number or self.options else _plain(found[0][0])


def choice_of(kind: AnyKind, key: str, sources: Sources) -> Choice:
    """Return what a key of a kind may hold, as its relations and its model say."""
    relation = next((one for one in kind.relations if one.field == key), None)
    if relation:
        folder = sources.kinds[relation.target].folder
        named = {
            slug: path for slug, path in sources.slugs().items() if path.startswith(f"content/{folder}/")
        }
        titles = {slug: sources.title(path) for slug, path in named.items()}
        return Choice(titles, many=True, item_key=relation.item_key)
    schema = kind.front.model_json_schema()["properties"].get(key, {})
    items = schema.get("items", {})
    options = {value: value.replace("-", " ") for value in (schema.get("enum") or items.get("enum") or ())}
    return Choice(options, many=schema.get("type") == "array", number=schema.get("type") == "integer")


def chosen(key: str, choice: Choice, words: str) -> Iterator[Item]:
    """Yield what is meant by words: values or their numbers, with commas between.

    After a value and a colon comes a reason, up to the end.  Raises :class:`RefusedError`.
    """
    if choice.number and not words.isdecimal():
        raise _refused(f"'{key}' can't be {shown(words)}.", "Give a number.")
    if not choice.options and not choice.many:
        yield words, ""
        return
    value, colon, why = words.partition(": ") if choice.item_key else (words, "", "")
    for part in filter(None, (one.strip() for one in value.split(","))):
        known = [*choice.options]
        name = known[int(part) - 1] if part.isdigit() and 0 < int(part) <= len(known) else part
        if known and name not in choice.options:
            raise _refused(f"'{key}' can't be {shown(name)}.", did_you_mean(name, known))
        yield name, why.strip() if colon else ""


# The command ---------------------------------------------------------------------


def run_new(options: argparse.Namespace) -> int:
    """Write the file, unless the kind or the name won't do or is taken."""
    sources = Sources.read(ROOT, site_kinds())
    ask = _ask if sys.stdin.isatty() and sys.stdout.isatty() and not options.no_questions else None
    path = write_new(ROOT, sources, options, ask)
    url = sources.kinds.by_folder[Path(path).parent.name].url(Path(path).stem)
    print(f"{path} is there, as a draft.")
    print(f"./publish.sh preview shows it at {url}; ./publish.sh check says what it still lacks.")
    return 0


def write_new(project: Path, sources: Sources, options: argparse.Namespace, ask: Ask | None) -> str:
    """Write a new entry and return its path; raises :class:`RefusedError`."""
    kinds = ", ".join(_started(sources))
    kind = _taken(options.kind, f"Kind ({kinds})", partial(_kind, sources), ask)
    title, path = _taken(options.title, "Title", partial(_named, sources, kind, options.slug), ask)

    def written(answers: Mapping[str, str]) -> str:
        text = skeleton(kind, title, today(), answers)
        _require_valid(kind, text, path)
        return text

    text = written(_answers(kind, sources, options.set or (), written, ask))
    target = project / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _refused(f"there is a file {path} already.", "Choose another title or --slug.") from None
    return path


def _taken(given: str | None, question: str, take: Callable[[str], T], ask: Ask | None) -> T:
    """Return what ``take`` makes of what was given, or else of an answer, which may be bad twice."""
    for _ in range(2):
        if given or not ask:
            break
        try:
            return take(ask(question))
        except RefusedError as error:
            _tell(error)
    return take(given or (ask(question) if ask else ""))


def _named(sources: Sources, kind: AnyKind, slug: str | None, given: str) -> tuple[str, str]:
    """Return the title and the path of a new entry; raises :class:`RefusedError` if it can't be called so."""
    if not given.strip():
        raise _refused("an entry needs a title.", f'Give one: ./publish.sh new {kind.name} "Its title"')
    title = given.replace("-", " ").capitalize() if SLUG.match(given) and "-" in given else given
    path = _free_path(sources, kind, slug or slug_of(given))
    _require_valid(kind, skeleton(kind, title, today()), path)
    return title, path


def _started(sources: Sources) -> dict[str, AnyKind]:
    """Return the kinds that a new file can be of."""
    return {kind.name: kind for kind in sources.kinds.values() if kind.suffix == ".md"}


def _kind(sources: Sources, name: str) -> AnyKind:
    kinds = _started(sources)
    if name not in kinds:
        raise _refused(f"there is no kind {shown(name)} to start.", did_you_mean(name, kinds))
    return kinds[name]


def _free_path(sources: Sources, kind: AnyKind, slug: str) -> str:
    """Return where an entry called ``slug`` goes; raises :class:`RefusedError` if it can't be called so."""
    path, url = f"content/{kind.folder}/{slug}{kind.suffix}", kind.url(slug)
    if not SLUG.match(slug) or not is_portable(f"{slug}{kind.suffix}"):
        raise _refused(f"{shown(slug)} is no slug.", "Give one with --slug: small letters and hyphens.")
    taken = sources.slugs().get(slug) or places(sources.kinds.values()).get(url)
    if taken:
        raise _refused(f"the slug '{slug}' is taken by {taken}.", "Choose another title, or give a --slug.")
    if REDIRECTS in sources.files and re.search(rf"^{re.escape(url)}:", sources.text(REDIRECTS), re.M):
        raise _refused(f"readers of {url} are led elsewhere by {REDIRECTS}.", "Choose another --slug.")
    return path


def _answers(
    kind: AnyKind,
    sources: Sources,
    given: Iterable[str],
    require: Callable[[Mapping[str, str]], object],
    ask: Ask | None,
) -> dict[str, str]:
    """Return the YAML of each key that was given, or that somebody knows when asked.

    ``require`` raises :class:`RefusedError` for what a key can't hold: so an answer can be given again.
    """
    words: dict[str, list[str]] = defaultdict(list)
    keys = {"summary": Key("summary", f"# {SHARED['summary']}\n", SUMMARY)}
    keys |= {key.name: key for key in keys_of(kind)}
    for one in given:
        key, _, value = one.partition("=")
        if key not in keys:
            raise _refused(f"a {kind.name} has no key {shown(key)} to set.", did_you_mean(key, keys))
        words[key].append(value)
    choices = {name: choice_of(kind, name, sources) for name in keys}
    found = {
        name: choices[name].written(item for value in values for item in chosen(name, choices[name], value))
        for name, values in words.items()
    }
    for name, choice in choices.items() if ask else ():
        answer = _asked(keys[name], choice, require, ask) if ask and name not in found else ""
        if answer:
            found[name] = answer
    return found


def _asked(key: Key, choice: Choice, require: Callable[[Mapping[str, str]], object], ask: Ask) -> str:
    """Return what somebody answers, as YAML.

    Nothing at all keeps what stands there, and so do three answers that the kind can't take.
    """
    for _ in range(3):
        try:
            items = list(_answer(key, choice, ask))
            if not items:
                break
            answer = choice.written(items)
            require({key.name: answer})
            return answer
        except RefusedError as error:
            _tell(error)
    return ""


def _tell(error: RefusedError) -> None:
    for problem in error.problems:
        print(problem.message, problem.cure)


def _answer(key: Key, choice: Choice, ask: Ask) -> Iterator[Item]:
    shelf = "".join(
        f"{at:4}  {title} ({name})\n" if title != name else f"{at:4}  {name}\n"
        for at, (name, title) in enumerate(choice.options.items(), 1)
    )
    answer = ask(f"\n{_hint(key)}{shelf}{key.name} ({_how(key, choice)})").strip()
    for slug, why in chosen(key.name, choice, answer) if answer else ():
        yield slug, why or (ask(f"Why '{slug}', in one sentence") if choice.item_key else "")


def _hint(key: Key) -> str:
    """Return the remark of a key, without the lines that show how it is written."""
    rows = [row.removeprefix("# ") for row in key.remark.splitlines() if not row.startswith("#  ")]
    return "".join(f"{row}\n" for row in rows)


def _how(key: Key, choice: Choice) -> str:
    """Return how to answer, and what Enter does."""
    is_sample = not key.value or key.value.endswith(".")
    kept = "to write it later" if is_sample else "for none yet" if key.value == "[]" else f"for {key.value}"
    if choice.options:
        return f"{'numbers or names, commas between' if choice.many else 'a number or a name'}; Enter {kept}"
    return f"{'several with commas; ' if choice.many else ''}Enter {kept}"


def _ask(question: str) -> str:
    try:
        return input(f"{question}: ").strip()
    except EOFError:
        return ""


def _require_valid(kind: AnyKind, text: str, path: str) -> None:
    """Raise :class:`RefusedError` unless the front matter is what the kind wants."""
    problems = Problems()
    split = split_front_matter(text, path, problems)
    data = parse_yaml(split[0], path, problems, first_line=2) if split else None
    if data is None or validate(kind.front, data, path, problems) is None:
        raise RefusedError(problems.errors)


def _refused(message: str, cure: str) -> RefusedError:
    return RefusedError([Problem(WHOLE, 1, "new", message, cure)])
