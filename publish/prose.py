"""The house rules for words, as small checks over the Markdown sources.

Each rule is a function over one page or over all of them; its docstring is the rule.
``./publish.sh check`` prints what they find and ends with 1; a deploy does not begin with any.
"""

from __future__ import annotations

import math
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from plugins.common_thread.kind import SiteKind
from plugins.common_thread.kinds.guide import GuideFront
from plugins.common_thread.kinds.strategy import StrategyFront
from plugins.common_thread.needs import SAFETY_GUIDE
from plugins.helplines.blocks import HELP_MARKER
from plugins.library.code import code_of
from plugins.library.entries import Entry, Library
from plugins.library.filters import today
from plugins.library.loader import load_library
from plugins.library.store import content_key, store
from plugins.library.text.body import Body, plain
from plugins.library.text.reading import Reader
from plugins.library.text.tree import HEADINGS, Citation, Element, Link, leaves, walk
from plugins.problems import LibraryError, Problem, Problems, did_you_mean, with_article
from publish.new import left_as_begun
from publish.site_settings import site_kinds
from publish.words import FORBIDDEN, PROPER

ROOT = Path(__file__).resolve().parent.parent

WAY_OUT = {"guide", "strategy", "obstacle", "sign"}
"""Kinds whose pages say, in words of their own, when the safety guide is the page to read."""
GRADE_AIM = 7.0
GRADE_LIMIT = 8.0
"""Flesch–Kincaid grades (Kincaid et al., 1975)."""
LONGEST_SENTENCE = 30
"""Words; whoever reads on a phone, or in a second language, has to hold all of a sentence at once."""

_WORD = re.compile(r"[\w'’-]+")
Found = Iterator[tuple[int, str, str]]


@dataclass(frozen=True)
class Page:
    """One entry, its text and that in plain words; ``reasons`` are those shown on its page."""

    entry: Entry
    body: Body
    text: str
    reasons: tuple[str, ...]

    @property
    def cited(self) -> set[str]:
        """Return the ids of the sources it cites."""
        return {found.slug for found in self.body.references if isinstance(found.node, Citation)}

    def linked(self, section: str) -> list[str]:
        """Return the slugs that a section links to or shows cards of, in their order; the intro is ``""``."""
        found = (found for found in self.body.references if not isinstance(found.node, Citation))
        return [found.slug for found in found if found.section == section]

    @property
    def unquoted(self) -> str:
        """Return everything readers see but what somebody is quoted as saying."""
        front = self.entry.front
        text = f"{self.text} {front.title} {front.summary} {getattr(front, 'first_step', '')}"
        return re.sub(r'"[^"]*"', " ", text)


def plain_text(body: Body, titles: Mapping[str, str]) -> str:
    """Return a text as the plain words a reader sees, headings and list items as sentences."""
    return "\n".join(_lines(body, lambda slug: titles.get(slug, slug)))


def _lines(body: Body, title_of: Callable[[str], str]) -> Iterator[str]:
    for block in body.nodes:
        is_heading = isinstance(block, Element) and block.tag in HEADINGS
        yield from (plain(leaf, title_of) + "." * is_heading for leaf in leaves((block,)))


def read_pages(library: Library) -> list[Page]:
    """Return every Markdown entry with its plain text and the reasons its page shows."""
    titles = {entry.slug: entry.title for entry in library.entries.values()}
    reasons: dict[str, list[str]] = defaultdict(list)
    for strategy in library.having(StrategyFront):
        for reason in strategy.front.addresses:
            reasons[strategy.slug].append(reason.because)
            reasons[reason.obstacle].append(reason.because)
    reader = Reader(HELP_MARKER)
    pages = []
    for entry in library.pages():
        if entry.body:
            body = library.bodies.get(entry.slug) or reader.read(entry.body, entry.body_line)
            pages.append(Page(entry, body, plain_text(body, titles), tuple(reasons[entry.slug])))
    return pages


def grade(text: str) -> float:
    """Return the Flesch–Kincaid grade of plain text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import textstat
    return float(textstat.flesch_kincaid_grade(text))


def sentences(text: str) -> list[str]:
    """Return the sentences of plain text, as normalised words."""
    found = re.split(r'(?<=[.!?])["”)]*\s+|\n+', text)
    return [
        " ".join(re.sub(r"[^\w' ]", "", sentence.lower()).split()) for sentence in found if sentence.strip()
    ]


def length_limits(page: Page) -> tuple[int, int] | None:
    """Return how many words a page has at least and at most, if anybody said so."""
    front = page.entry.front
    if isinstance(front, GuideFront) and front.words:
        low, high = front.words.split("-")
        return int(low), int(high)
    limits: tuple[int, int] | None = getattr(page.entry.kind, "words", None)
    return limits


def words_of(page: Page) -> int:
    """Return how many words a page has: summary, text and the reasons shown; of an answer, the text alone.

    So it is with a guide whose length was agreed.
    """
    front = page.entry.front
    alone = page.entry.kind.name == "faq" or (isinstance(front, GuideFront) and front.words)
    parts = [page.text] if alone else [front.summary, page.text, *page.reasons]
    return len(_WORD.findall(" ".join(parts)))


def check_length(page: Page) -> Found:
    """Every page meets the length of its kind: summary, text and the reasons shown on it.

    A guide that of its ``words``.
    """
    limits, count = length_limits(page), words_of(page)
    if limits and not limits[0] <= count <= limits[1]:
        lent = len(_WORD.findall(" ".join(page.reasons)))
        more = f", {lent} of them in reasons that strategies give" if lent else ""
        yield 1, f"the page has {count} words{more}.", f"Aim for {limits[0]} to {limits[1]}."


def check_grade(page: Page) -> Found:
    """Pages read at Flesch–Kincaid grade 7 or below."""
    value = grade(page.text)
    if value > GRADE_AIM:
        yield 1, f"the page reads at grade {value:.1f}.", "Shorten sentences, choose plainer words."


def check_sentences(page: Page) -> Found:
    """No sentence has more than 30 words."""
    for sentence in sentences(page.text):
        count = len(sentence.split())
        if count > LONGEST_SENTENCE:
            opening = " ".join(sentence.split()[:4])
            message = f"the sentence '{opening} …' has {count} words."
            yield _line(page, opening), message, f"Cut it in two; {LONGEST_SENTENCE} are the most."


def check_words(page: Page) -> Found:
    """No tired phrases, promises, diagnoses, stereotypes or American spellings, quotations aside."""
    text = " ".join(page.unquoted.lower().split())
    for name, words in FORBIDDEN.items():
        for word in words:
            if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text):
                yield _line(page, word), f"'{word}' is {with_article(name)}.", "Say it another way."


def check_headings(page: Page) -> Found:
    """Headings are in sentence case."""
    for heading in page.body.headings:
        words = re.sub(r"^(?:Step )?(?:\d+|[a-z])[.)] ", "", heading.text).split()
        for before, word in pairwise(words):
            if word[0].isupper() and word not in PROPER and before[-1] not in ".:?":
                message = f"the heading '{heading.text}' is not in sentence case."
                yield heading.line, message, "Use small letters."
                break


def check_quotes(page: Page) -> Found:
    """Quotation marks and apostrophes are straight in the source; the build makes them curly."""
    for number, line in enumerate(page.entry.body.split("\n"), page.entry.body_line):
        curly = re.search("[“”‘’]", line)
        if curly:
            yield number, f"there is a curly '{curly[0]}'.", "Type it straight."


def check_links(page: Page) -> Found:
    """Three targets in each guide section, two in a strategy, and none twice in one section."""
    entry = page.entry
    sections = {"": entry.body_line, **{one.text: one.line for one in page.body.headings if one.level == 2}}
    for heading, line in sections.items():
        found = page.linked(heading)
        for slug, times in Counter(found).items():
            if times > 1 and entry.kind.name != "page":
                where = f"'{heading[:40]}'" if heading else "the text before the first heading"
                yield line, f"{where} links to '{slug}' {times} times.", "Keep the first."
        wants_three = entry.kind.name == "guide" and not entry.front.safety and heading
        if wants_three and len(set(found)) < 3:
            yield line, f"the section '{heading}' has {len(set(found))} links.", "Give it three."
    targets = {slug for heading in sections for slug in page.linked(heading)}
    if entry.kind.name == "strategy" and len(targets) < 2:
        yield 1, f"the page links to {len(targets)} entries.", "Give it two."


def check_citations(page: Page) -> Found:
    """A guide cites three sources or more, a strategy one; the safety guide needs none."""
    wanted = {"guide": 3, "strategy": 1}.get(page.entry.kind.name, 0)
    if len(page.cited) < wanted and not page.entry.front.safety:
        yield 1, f"the page cites {len(page.cited)} sources.", f"Cite {wanted}, or drop the claims."


def check_way_out(page: Page) -> Found:
    """Guides, obstacles and signs lead to the safety guide in their own words.

    A strategy does so before its exercise.
    """
    entry = page.entry
    if entry.kind.name not in WAY_OUT or entry.front.safety:
        return
    exercise = next((one.line for one in page.body.headings if one.text == "How to do it"), math.inf)
    if not any(found.slug == SAFETY_GUIDE and found.line < exercise for found in page.body.references):
        yield 1, "no words of the page lead to the safety guide.", f"Say when to go to [[{SAFETY_GUIDE}]]."


def check_warning_first(page: Page) -> Found:
    """An answer or guide for bad times leads to the safety guide before the first line to say, if at all."""
    entry = page.entry
    if entry.kind.name != "faq" and getattr(entry.front, "shape", "") != "troubleshooting":
        return
    said = False
    for node in walk(page.body.nodes):
        said = said or (isinstance(node, Element) and node.tag == "blockquote")
        if isinstance(node, Link) and node.slug == SAFETY_GUIDE:
            if said:
                yield node.line, "the way to the safety guide comes after a line to say.", "Move it up."
            return


def check_unwritten(page: Page) -> Found:
    """Nothing goes out as `new` wrote it."""
    entry, kind = page.entry, page.entry.kind
    left = [*left_as_begun(kind, entry.front, entry.body)] if isinstance(kind, SiteKind) else []
    for key, at in left:
        if key:
            message = f"'{key}' still has the words that a new file begins with."
            yield entry.line(key, at), message, "Write your own."
    rows = [row for key, row in left if not key]
    if rows:
        many = f"{len(rows)} sections have" if len(rows) > 1 else "a section has"
        yield (
            entry.body_line + rows[0],
            f"from here on {many} no text yet.",
            "Write it in the place of 'Text.'.",
        )


PAGE_RULES: tuple[Callable[[Page], Found], ...] = (
    check_length,
    check_grade,
    check_sentences,
    check_words,
    check_headings,
    check_quotes,
    check_links,
    check_citations,
    check_way_out,
    check_warning_first,
    check_unwritten,
)


def repeated_sentences(pages: Iterable[Page]) -> Iterator[tuple[Page, str]]:
    """No sentence of eight words or more stands on two pages."""
    where: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        front = page.entry.front
        own = [reason.because for reason in getattr(front, "addresses", ())]
        texts = (page.text, front.summary, getattr(front, "first_step", ""), *own)
        for sentence in {sentence for text in texts for sentence in sentences(text)}:
            if len(sentence.split()) >= 8:
                where[sentence].append(page)
    for sentence, found in where.items():
        if len(found) > 1:
            yield from ((page, sentence) for page in found)


def shared_openings(pages: Iterable[Page]) -> Iterator[tuple[Page, str]]:
    """No two pages open with the same six words."""
    where: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        headings = {f"{heading}." for heading in page.entry.kind.headings}
        first = next(
            (line for line in page.text.split("\n") if line.strip() and line.strip() not in headings), ""
        )
        where[" ".join(re.sub(r"[^\w' ]", "", first.lower()).split()[:6])].append(page)
    for opening, found in where.items():
        if len(found) > 1:
            yield from ((page, opening) for page in found)


def shared_front(pages: Iterable[Page]) -> Iterator[tuple[Page, str]]:
    """No two pages share a title or a summary."""
    for key in ("title", "summary"):
        where: dict[str, list[Page]] = defaultdict(list)
        for page in pages:
            where[getattr(page.entry.front, key)].append(page)
        for value, found in where.items():
            if len(found) > 1:
                yield from ((page, f"{key}: {value}") for page in found)


CROSS_RULES = {
    "the sentence '{}' stands on another page too.": repeated_sentences,
    "the opening '{}' is shared with another page.": shared_openings,
    "another page has the same {}.": shared_front,
}


def rule_id(rule: Callable[..., object]) -> str:
    """Return what a rule is called in messages and in docs/rules.md."""
    return rule.__name__.removeprefix("check_").replace("_", "-")


RULE_IDS = (*map(rule_id, PAGE_RULES), *map(rule_id, CROSS_RULES.values()))
ALLOWABLE = [name for name in RULE_IDS if name not in ("way-out", "warning-first", "unwritten")]
"""What one entry may set aside, with a reason: nothing that keeps readers safe, or was never written."""


@dataclass(frozen=True)
class Verdict:
    """What is wrong with the prose, what is set aside (with the reason), and reasons that nothing needs."""

    faults: tuple[Problem, ...]
    set_aside: tuple[tuple[Problem, str], ...] = ()
    idle: tuple[Problem, ...] = ()


def check_pages(pages: list[Page], kept: Path | None = None) -> Verdict:
    """Return what every rule finds; what it found in a page before is kept in the folder ``kept``."""
    found = []
    with store(kept and kept / "prose.sqlite", code_of(_faults_of)) as known:
        for page in pages:
            key = content_key(page.entry.path, repr(page.entry.front), *_texts(page))
            found += known.get(key, partial(_faults_of, page))
    for message, cross_rule in CROSS_RULES.items():
        for page, value in cross_rule(pages):
            line, rule = _line(page, value), rule_id(cross_rule)
            found.append(Problem(page.entry.path, line, rule, message.format(value), "Reword one."))
    return judged(found, pages)


def _texts(page: Page) -> tuple[object, ...]:
    return page.entry.body, page.entry.body_line, page.text, page.reasons


def _faults_of(page: Page) -> list[Problem]:
    return [
        Problem(page.entry.path, max(line, 1), rule_id(rule), message, cure)
        for rule in PAGE_RULES
        for line, message, cure in rule(page)
    ]


def judged(found: Iterable[Problem], pages: Iterable[Page]) -> Verdict:
    """Tell what entries set aside from what is wrong."""
    reasons = {
        (page.entry.path, one.rule): (one.because, page.entry.line("allow", at))
        for page in pages
        for at, one in enumerate(page.entry.front.allow)
    }
    problems = sorted(set(found))
    used = {(one.path, one.rule) for one in problems if one.rule in ALLOWABLE} & reasons.keys()
    aside = [(one, reasons[one.path, one.rule][0]) for one in problems if (one.path, one.rule) in used]
    idle = [_idle(path, rule, reasons[path, rule][1]) for path, rule in sorted(reasons.keys() - used)]
    faults = [one for one in problems if (one.path, one.rule) not in used]
    return Verdict(tuple(faults), tuple(aside), tuple(idle))


def _idle(path: str, rule: str, line: int) -> Problem:
    if rule not in ALLOWABLE:
        message, cure = f"no rule '{rule}' can be set aside.", did_you_mean(rule, ALLOWABLE)
    else:
        message, cure = f"the page keeps the rule '{rule}' that it sets aside.", "Remove it from 'allow'."
    return Problem(path, line, "allow", message, cure, warning=True)


def check_prose(content: Path = ROOT / "content") -> list[Problem]:
    """Read ``content`` and return what is wrong with its prose."""
    return [*check_pages(read_pages(load_library(content, site_kinds(), today(), Problems()))).faults]


def require_prose(content: Path = ROOT / "content") -> None:
    """Raise :class:`LibraryError` with all that is wrong with the prose: it does not go out."""
    problems = check_prose(content)
    if problems:
        raise LibraryError(problems)


def _line(page: Page, needle: str) -> int:
    at = page.entry.body.lower().find(needle.lower())
    return page.entry.body_line + page.entry.body.count("\n", 0, at) if at >= 0 else 1
