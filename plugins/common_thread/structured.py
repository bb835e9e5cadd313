"""Structured data: what each page is, in the vocabulary of schema.org, as JSON-LD.

One graph a page: the thing itself, and the way there.  A safety page is a page with its
neutral title, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plugins.common_thread.fronts import NamedFront
from plugins.common_thread.kind import AnyKind
from plugins.crosslinks.graph import Graph
from plugins.library.entries import Entry, Library
from plugins.library.kinds import Kinds
from plugins.library.pages import Page
from plugins.quiz.model import Quiz
from plugins.quiz.told import Told
from plugins.voices.said import Voices
from plugins.voices.shown import OPEN

Node = dict[str, Any]
LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


@dataclass(frozen=True)
class Describer:
    """Describes pages; ``site`` is the site's name, ``origin`` its address without a slash at the end."""

    kinds: Kinds[AnyKind]
    library: Library
    graph: Graph[Entry]
    site: str
    slogan: str
    origin: str
    language: str
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)
    voices: Mapping[str, Voices] = field(default_factory=dict)

    def describe(self, page: Page) -> str:
        """Return the content of the JSON-LD block of a page."""
        nodes = [*self._things(page), *self._way(page)]
        text = json.dumps(
            {"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False, separators=(",", ":")
        )
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def _things(self, page: Page) -> list[Node]:
        entry = self.library.entries.get(page.entry)
        if entry is None:
            kind = next((kind for kind in self.kinds.values() if kind.index_url == page.url), None)
            return [self._index(page, kind)] if kind else [self._page(page)]
        if entry.front.safety:
            return [self._page(page)]
        if page.url == "/":
            return [self._website(page), self._publisher()]
        makers = {
            "Article": self._article,
            "DefinedTerm": self._term,
            "FAQPage": self._answer,
            "Quiz": self._quiz,
        }
        maker = makers.get(self.kinds[entry.kind.name].thing)
        return [maker(page, entry) if maker else self._page(page)]

    def _common(self, type_: str, page: Page) -> Node:
        address = self.origin + page.url
        name = page.name if page.entry and not page.careful else page.title
        return {
            "@type": type_,
            "@id": f"{address}#it",
            "url": address,
            "name": name,
            "description": page.description,
        }

    def _page(self, page: Page, type_: str = "WebPage") -> Node:
        return {
            **self._common(type_, page),
            "inLanguage": self.language,
            "isPartOf": {"@id": f"{self.origin}/#it"},
        }

    def _publisher(self) -> Node:
        return {
            "@type": "Organization",
            "@id": f"{self.origin}/#publisher",
            "name": self.site,
            "url": f"{self.origin}/",
            "logo": f"{self.origin}/icon-512.png",
        }

    def _website(self, page: Page) -> Node:
        return {
            **self._common("WebSite", page),
            "name": self.site,
            "alternateName": self.slogan,
            "inLanguage": self.language,
            "license": LICENCE,
            "publisher": {"@id": f"{self.origin}/#publisher"},
        }

    def _article(self, page: Page, entry: Entry) -> Node:
        publisher = self._publisher()
        published = {"datePublished": entry.front.date.isoformat()} if entry.front.date else {}
        node = self._common("Article", page)
        node["headline"] = node.pop("name")
        return {
            **node,
            "articleSection": entry.kind.plural,
            **published,
            "dateModified": entry.changed.isoformat(),
            "author": publisher,
            "publisher": {"@id": publisher["@id"]},
            "image": f"{self.origin}/assets/{page.card.name}" if page.card else "",
            "inLanguage": self.language,
            "license": LICENCE,
            "isAccessibleForFree": True,
            "mainEntityOfPage": node["url"],
            **self._comments(entry),
            **self._framed(page),
        }

    def _comments(self, entry: Entry) -> Node:
        """Describe what readers said: how many, and the newest, as the page shows them."""
        said = self.voices.get(entry.slug, ())
        if not said:
            return {}
        address = self.origin + entry.url
        comments = [
            {
                "@type": "Comment",
                "@id": f"{address}#voice-{voice.id}",
                "dateCreated": f"{voice.date:%Y-%m}",
                **({"author": {"@type": "Person", "name": voice.name}} if voice.name else {}),
                "text": "\n\n".join(voice.text),
            }
            for voice in said[-OPEN:]
        ]
        return {"commentCount": len(said), "comment": comments}

    def _term(self, page: Page, entry: Entry) -> Node:
        return {
            **self._common("DefinedTerm", page),
            "alternateName": entry.having(NamedFront).front.plain_title,
            "inDefinedTermSet": {"@id": self.origin + entry.kind.index_url + "#it"},
        }

    def _answer(self, page: Page, entry: Entry) -> Node:
        question = _question(entry.title, self._text(entry))
        return {**self._page(page, "FAQPage"), "mainEntity": [question], **self._comments(entry)}

    def _text(self, entry: Entry) -> str:
        """Return the text of an entry without its source numbers, one block a line."""
        return self.library.document(entry).text

    def _quiz(self, page: Page, entry: Entry) -> Node:
        """Describe a self-quiz: no answer is right, so each question has suggested ones only."""
        quiz = self.quizzes.get(entry.slug)
        address = self.origin + entry.url
        targets = [*self.graph.targets(entry, "measures"), *self.graph.targets(entry, "names")]
        return {
            **self._common("Quiz", page),
            "inLanguage": self.language,
            "isAccessibleForFree": True,
            "license": LICENCE,
            "about": [
                {"@type": "Thing", "name": target.title, "url": self.origin + target.url}
                for target in targets
            ],
            "hasPart": list(_quiz_questions(quiz, address)) if quiz else [],
            **self._framed(page),
        }

    def _framed(self, page: Page) -> Node:
        """Describe the copy for frames of other sites, if there is one."""
        if not page.framed_at:
            return {}
        address = self.origin + page.framed_at
        return {"encoding": {"@type": "MediaObject", "encodingFormat": "text/html", "embedUrl": address}}

    def _index(self, page: Page, kind: AnyKind) -> Node:
        """Describe an index page: a list, a set of terms, or questions with their short answers."""
        entries = self.library.of_kind(kind.name)
        if kind.thing == "FAQPage":
            questions = [_question(entry.title, self._text(entry).split("\n")[0]) for entry in entries]
            return {**self._page(page, "FAQPage"), "mainEntity": questions}
        if kind.thing == "DefinedTerm":
            terms = [self._member("DefinedTerm", entry) for entry in entries]
            return {
                **self._common("DefinedTermSet", page),
                "inLanguage": self.language,
                "hasDefinedTerm": terms,
            }
        items = [
            {
                "@type": "ListItem",
                "position": number,
                "url": self.origin + entry.url,
                "name": entry_name(entry),
            }
            for number, entry in enumerate(entries, 1)
        ]
        listed = {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}
        return {**self._page(page, "CollectionPage"), "mainEntity": listed}

    def _member(self, type_: str, entry: Entry) -> Node:
        address = self.origin + entry.url
        return {"@type": type_, "@id": f"{address}#it", "name": entry.title, "url": address}

    def _way(self, page: Page) -> list[Node]:
        """Describe the way from the home page, if there is one."""
        if page.url in ("/", "/404.html"):
            return []
        steps = [("Home", "/")]
        entry = self.library.entries.get(page.entry)
        if entry is not None and not entry.kind.at_root:
            steps.append((entry.kind.plural, entry.kind.index_url))
        name = entry_name(entry) if entry is not None else page.title
        steps.append((name, page.url))
        items = [
            {"@type": "ListItem", "position": number, "name": words, "item": self.origin + url}
            for number, (words, url) in enumerate(steps, 1)
        ]
        return [{"@type": "BreadcrumbList", "itemListElement": items}]


def entry_name(entry: Entry) -> str:
    """Return the name an entry may be called by on other pages' behalf: a safety page's neutral one."""
    return str(entry.front.tab_title) if entry.front.safety else entry.title


def _question(name: str, answer: str) -> Node:
    return {"@type": "Question", "name": name, "acceptedAnswer": {"@type": "Answer", "text": answer}}


def _quiz_questions(quiz: Quiz, address: str) -> Iterable[Node]:
    """Yield the questions of a quiz; an answer that comes again is written once and referred to."""
    known: dict[str, str] = {}
    for item in quiz.items:
        answers: list[Node] = []
        for option in item.options:
            if option.label in known:
                answers.append({"@id": known[option.label]})
                continue
            known[option.label] = f"{address}#answer-{len(known) + 1}"
            answers.append({"@type": "Answer", "@id": known[option.label], "text": Told(option.label).plain})
        yield {"@type": "Question", "name": Told(item.text).plain, "suggestedAnswer": answers}
