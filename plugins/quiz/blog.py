"""Quizzes in an ordinary Pelican site: a page for each file, and ``{quiz:slug}`` in any text.

Nothing else of the site changes: its theme frames the page, its readers read its texts.
What a quiz looks like is rendered here, in an environment of its own.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from markupsafe import Markup
from pelican.contents import Content
from pelican.generators import Generator
from pelican.utils import truncate_html_words

from ..problems import Problems, did_you_mean, is_named, shown
from ..problems.settings import setting
from .files import PagedQuiz, read_quiz_file
from .guidance import Group, Guidance, Roles, Target, Tip
from .loader import load_quiz
from .model import Quiz
from .page import QuizFields, quiz_fields
from .wordings import Wordings, read_wordings

HERE = Path(__file__).parent
DEFAULTS = {
    "QUIZ_PATHS": ["quizzes"],
    "QUIZ_URL": "quizzes/{slug}.html",
    "QUIZ_SAVE_AS": "quizzes/{slug}.html",
    "QUIZ_WORDINGS": {},
}
PAGE, STATES = "page", ("published", "draft")
STATIC = "_quiz"
"""What ``{static}`` calls the folder of style and script."""
KINDS = (
    *("articles", "hidden_articles", "drafts", "drafts_translations"),
    *("pages", "hidden_pages", "draft_pages", "draft_translations"),
    *("translations", "hidden_translations"),
)
"""Where Pelican's generators keep what they have read."""
SHOWN_KINDS = ("articles", "hidden_articles", "pages", "hidden_pages")
_ALONE = re.compile(r"<p[^>]*>\s*\{quiz:\s*([^{}\s]+)\s*\}\s*</p>")
_ANY = re.compile(r"\{quiz:\s*([^{}\s]+)\s*\}")
_QUIET = re.compile(r"<(a|code|kbd|pre|samp|script|style|textarea|tt)\b.*?</\1\s*>|<[^>]*>", re.S | re.I)


class QuizPage(Content):  # type: ignore[misc]
    """The page of a quiz, as Pelican knows pages: its links are resolved like those of any other."""

    mandatory_properties = ("title", "slug")
    default_template = "quiz/page"


class QuizWriter(Generator):  # type: ignore[misc]
    """Writes the pages of quizzes, and what any quiz needs beside its page."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.pages: list[QuizPage] = []
        self.is_used = False

    def generate_context(self) -> None:
        """Do nothing yet: a quiz may name pages that others have not read."""

    def generate_output(self, writer: Any) -> None:
        """Write the pages, and style and script if there is any quiz to see."""
        for page in self.pages:
            writer.write_file(
                page.save_as,
                self.get_template(page.template),
                self.context,
                relative_urls=self.settings["RELATIVE_URLS"],
                url=page.url,
                quiz=page,
            )
        if self.is_used:
            target = Path(self.output_path, self.settings["THEME_STATIC_DIR"], "quiz")
            shutil.copytree(HERE / "static", target, dirs_exist_ok=True)


@dataclass(frozen=True)
class SiteGuidance(Guidance):
    """Where a result leads: the articles and pages of the site, and what the quiz itself suggests."""

    posts: Mapping[str, Content] = field(repr=False)

    def target(self, slug: str) -> Target:
        """Return an article or a page."""
        post = self.posts[slug]
        return Target(f"{{filename}}/{post.get_relative_source_path()}", Markup(post.title).striptags())  # noqa: S704 - the author's own

    def tips(self, slugs: Sequence[str]) -> tuple[Tip, ...]:
        """Return articles and pages as things to try."""
        found = ((slug, self.target(slug)) for slug in slugs)
        return tuple(Tip(slug, page.url, page.title, "", "", "") for slug, page in found)

    def route(self, target: str, in_the_way: Sequence[str], to_try: Sequence[str]) -> tuple[Group, ...]:
        """Return what the quiz suggests, since nobody else does."""
        groups = [Group(self.target(slug), ()) for slug in in_the_way]
        return (*groups, *([Group(None, self.tips(to_try))] if to_try else []))


@dataclass
class Desk:
    """One run: what was read, what is wrong, and each quiz as HTML."""

    settings: Mapping[str, Any]
    context: Any
    problems: Problems = field(default_factory=Problems)
    quizzes: dict[str, str] = field(default_factory=dict)

    def name_of(self, path: str | Path) -> str:
        """Return a file as problems name it."""
        return os.path.relpath(path, Path(self.settings["PATH"]).parent)

    def _place(self, name: str, *loc: int) -> tuple[str, int]:
        """Return where a setting stands, or a part of it."""
        path, given = setting(name, self.settings[name])
        return path, given.line(loc)

    def files(self) -> Iterator[PagedQuiz]:
        """Yield every quiz file; a place that is not there is a problem."""
        places = self.settings["QUIZ_PATHS"]
        if not isinstance(places, list | tuple) or not all(isinstance(place, str) for place in places):
            message = f"QUIZ_PATHS is {shown(places)}, and no list of folders and files."
            cure = f"Write a list: {[places] if isinstance(places, str) else DEFAULTS['QUIZ_PATHS']}."
            self.problems.add(*self._place("QUIZ_PATHS"), "setting", message, cure)
            return
        for at, place in enumerate(places):
            path = Path(self.settings["PATH"], place)
            found = sorted(path.glob("*.y*ml")) if path.is_dir() else [path] if path.is_file() else []
            if not found:
                message = f"QUIZ_PATHS names {shown(place)}, and there is no quiz in {self.name_of(path)}."
                cure = "Put a .yaml file there, name another folder, or take the plugin out of PLUGINS."
                self.problems.add(*self._place("QUIZ_PATHS", at), "setting", message, cure)
            for one in found:
                read = read_quiz_file(one, self.name_of(one), self.problems)
                if read is not None:
                    yield read

    @cached_property
    def say(self) -> Wordings:
        """Return the words of quiz pages, as the site wants them."""
        path, given = setting("QUIZ_WORDINGS", self.settings["QUIZ_WORDINGS"])
        return read_wordings(given, path, self.problems)

    def check_settings(self) -> None:
        """Note wordings that do not hold, and places for pages without a gap for their names."""
        _ = self.say
        for name in ("QUIZ_URL", "QUIZ_SAVE_AS"):
            if re.findall(r"\{.*?\}", given := str(self.settings[name])) != ["{slug}"] and given:
                message, cure = f"{name} is {shown(given)}.", f"Its one gap is {{slug}}: {DEFAULTS[name]!r}."
                self.problems.add(*self._place(name), "setting", message, cure)

    def render(self, quiz: Quiz, guidance: Guidance) -> str:
        """Return the HTML of a quiz, its addresses in Pelican's own words."""
        fields: QuizFields = quiz_fields(quiz, guidance, self.say)
        template = self.environment().get_template("quiz/whole.html")
        return template.render(quiz=fields, words=fields.words, keep="", static=f"{{static}}/{STATIC}")

    def environment(self) -> jinja2.Environment:
        """Return an environment of our own; a site's templates of the same name go before ours."""
        folders = [*self.settings["THEME_TEMPLATES_OVERRIDES"], str(HERE / "templates")]
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(smart=str, url=str, html=Markup)
        return environment

    def page(self, read: PagedQuiz, html: str) -> QuizPage:
        """Return the page of a quiz."""
        slug = read.file.slug
        metadata = {
            "title": read.file.title,
            "slug": slug,
            "override_url": self.settings["QUIZ_URL"].replace("{slug}", slug),
            "override_save_as": self.settings["QUIZ_SAVE_AS"].replace("{slug}", slug),
            "summary": str(read.page.get("summary", "")),
        }
        path = str(Path(self.settings["PATH"]).parent / read.file.path)
        return QuizPage(html, metadata, settings=self.settings, source_path=path, context=self.context)

    def place(self, text: Content) -> bool:
        """Put the quiz that a text asks for into it; tell whether it does."""
        html = text._content or ""
        alone = _ALONE.findall(html)
        if len(_ANY.findall(_QUIET.sub("", html))) > len(alone):
            slug = _ANY.findall(_QUIET.sub("", html))[0]
            self._refuse(text, slug, "stands within a paragraph", "Give it a paragraph of its own.")
            return False
        for slug in alone:
            if slug not in self.quizzes:
                self._refuse(text, slug, "is no quiz of this site", did_you_mean(slug, self.quizzes))
        if len(alone) > 1:
            self._refuse(text, alone[1], "is a second quiz on one page", "Keep one of them.")
        elif alone and alone[0] in self.quizzes:
            _keep_summary(text, self.settings)
            text._content = _ALONE.sub(lambda found: self.quizzes[found[1]], html)
        return bool(alone)

    def _refuse(self, text: Content, slug: str, what: str, cure: str) -> None:
        path, words = text.source_path, f"{{quiz:{slug}}}"
        lines = Path(path).read_text(encoding="utf-8", errors="replace").split("\n")
        line = next((at for at, line in enumerate(lines, 1) if words in line), 1)
        self.problems.add(self.name_of(path), line, "quiz", f"{words} {what}.", cure)


def _keep_summary(text: Content, settings: Mapping[str, Any]) -> None:
    """Let the summary that Pelican would cut from a text be one without the quiz."""
    if "summary" not in text.metadata:
        rest, length = _ALONE.sub("", text._content), settings["SUMMARY_MAX_LENGTH"]
        suffix = settings["SUMMARY_END_SUFFIX"]
        text.metadata["summary"] = rest if length is None else truncate_html_words(rest, length, suffix)


def _read_by(generators: Iterable[Any], kinds: Iterable[str]) -> Iterator[Content]:
    for generator in generators:
        for kind in kinds:
            yield from getattr(generator, kind, ())


def is_wanted(settings: Mapping[str, Any]) -> bool:
    """Tell whether a site asks for quizzes; it need not, where the plugin is only installed."""
    is_set = is_named(settings) or any(name in settings for name in DEFAULTS)
    places = (Path(settings["PATH"], place) for place in DEFAULTS["QUIZ_PATHS"])
    return is_set or any(next(place.glob("*.y*ml"), None) for place in places)


def offer(pelican: Any) -> None:
    """Fill in the settings, and let the host find ``quiz/page.html``; a file of the site goes before it."""
    settings = pelican.settings
    if not is_wanted(settings):
        logging.getLogger(__name__).info("No setting and no folder asks for quizzes: nothing is done.")
        return
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    folders = settings.get("THEME_TEMPLATES_OVERRIDES", ())
    settings["THEME_TEMPLATES_OVERRIDES"] = [*folders, str(HERE / "templates")]


def put_in(generators: list[Any]) -> None:
    """Prove every quiz and put it where it is asked for; raises with everything that does not hold."""
    writer = next(one for one in generators if isinstance(one, QuizWriter))
    if "QUIZ_PATHS" not in writer.settings:
        return
    desk = Desk(writer.settings, writer.context)
    posts = {post.slug: post for post in _read_by(generators, SHOWN_KINDS)}
    known, roles, guidance = dict.fromkeys(posts, PAGE), Roles(*[PAGE] * 4), SiteGuidance(posts)
    for read in desk.files():
        quiz = load_quiz(read.file, known, roles, desk.problems)
        if quiz is None:
            desk.quizzes.setdefault(read.file.slug, "")
            continue
        if desk.quizzes.get(quiz.slug):
            message = f"the slug '{quiz.slug}' is that of another quiz too."
            desk.problems.add(quiz.path, 1, "twice", message, "Give one of them another 'slug'.")
        desk.quizzes[quiz.slug] = desk.render(quiz, guidance)
        if desk.settings["QUIZ_SAVE_AS"] and read.page.get("status", "published") != "draft":
            writer.pages.append(desk.page(read, desk.quizzes[quiz.slug]))
    asked = [desk.place(text) for text in _read_by(generators, KINDS)]
    desk.check_settings()
    desk.problems.raise_errors()
    writer.is_used = bool(writer.pages) or any(asked)
    _address(writer)


def _address(writer: QuizWriter) -> None:
    """Let links find the pages of quizzes by their files, and quizzes their style and script."""
    for page in writer.pages:
        writer.add_source_path(page)
    for name in ("quiz.css", "js/self-quiz.js"):
        address = f"{writer.settings['THEME_STATIC_DIR']}/quiz/{name}"
        writer.context["static_content"][f"{STATIC}/{name}"] = SimpleNamespace(url=address)
