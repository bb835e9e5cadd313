"""The desk as the preview's room ``/_desk/``: rendered with the site's own theme, anew for each request."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.assets.theme import read_theme
from plugins.common_thread.site import Resolved, check, frame_for, read, resolve
from plugins.library.cache import cache_folder
from plugins.library.filters import today
from plugins.library.pages import Page
from plugins.library.rendering import make_environment, render
from plugins.problems import LibraryError, Problems
from publish.desk.changes import changes_since
from publish.desk.facts import desk_view
from publish.desk.view import DeskView, OutsideLink
from publish.outside import Answered, outside_links, read_answers
from publish.preview.extras import Answer, Request
from publish.site_settings import site_settings

HERE = Path(__file__).resolve().parent
PREFIX = "/_desk/"
STYLE = "desk.css"


def answer(request: Request) -> Answer:
    """Return the desk, or its style sheet."""
    if request.path == STYLE:
        return Answer((HERE / STYLE).read_text(encoding="utf-8"), "text/css; charset=utf-8")
    if request.path:
        return Answer("There is no such page at the desk.", "text/plain; charset=utf-8", 404)
    settings = {
        **site_settings(),
        "META_POLICY": False,
        "SITEURL": request.site_url or "http://127.0.0.1:8000",
    }
    try:
        return Answer(desk_page(settings))
    except (LibraryError, LookupError) as error:
        text = f"The desk needs a library that can be read as a whole. First mend this:\n\n{error}\n"
        return Answer(text, "text/plain; charset=utf-8", 503)


def desk_page(settings: Mapping[str, Any]) -> str:
    """Return the HTML of the desk for the library that the settings name."""
    cache, problems = cache_folder(settings), Problems()
    theme = read_theme(settings, cache)
    resolved = resolve(read(settings, problems), settings, theme, problems)
    check(resolved, settings, problems)
    view = desk_view(
        resolved,
        settings.get("TODAY") or today(),
        cache / "kept",
        links_of(resolved, read_answers(cache)),
        changes_since(Path(settings["PATH"]).parent, cache),
    )
    return desk_html(view, resolved, settings)


def desk_html(view: DeskView, resolved: Resolved, settings: Mapping[str, Any]) -> str:
    """Return a view of the desk in the site's own frame."""
    page = Page(PREFIX, "desk", "The desk", "", view, "publish/desk", robots="noindex")
    folders = [HERE / "templates", resolved.theme.folder / "templates"]
    return render(make_environment(folders, frame_for(resolved, settings)), page)


def links_of(resolved: Resolved, known: Mapping[str, Answered]) -> list[OutsideLink]:
    """Return every address elsewhere with what it said last."""
    return [
        OutsideLink(url, places, one.said, one.asked, one.answered, one.ok, one.state == "unsure")
        for url, places in outside_links(resolved.library, resolved.data).items()
        for one in [known.get(url, Answered("", ""))]
    ]
