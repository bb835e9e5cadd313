"""Comments from end to end: a real Isso behind the real nginx, a browser, a moderator, an editor."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from publish import cli
from publish.build import build
from publish.deploy.nginx import HERE as ON_SERVER
from publish.deploy.nginx import site_data
from tests.hostile.bench import SETTINGS
from tests.hostile.table import LIBRARY
from tests.publish.servers import Ports, free_port, get, nginx, public_folder
from tests.voices.isso import Isso, isso, post

PAGE = "/strategies/listen-well/"
WORDS = 'We tried it for a week. It felt "silly" & then <3 it did not.'
KNOWN = "".join(f"- id: old-{n}\n  date: 2025-01-{n + 1:02}\n  text: [Said before.]\n" for n in range(24))


@dataclass
class World:
    """A site with a form, served by nginx, with Isso behind it."""

    url: str
    content: Path
    output: Path
    isso: Isso
    logs: Path

    def build(self) -> None:
        """Build the site where nginx finds it."""
        build(self.output, self.url, PATH=str(self.content), VOICES_SERVER=True, **SETTINGS)
        for path in (self.output.parent, *self.output.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)

    def voices(self, *words: str) -> int:
        """Run a command of ours."""
        database = str(self.isso.database)
        return cli.main(["voices", *words, "--content", str(self.content), "--database", database])

    def rows(self) -> list[dict[str, Any]]:
        """Return all that Isso's database holds of comments."""
        with contextlib.closing(sqlite3.connect(self.isso.database)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute("SELECT * FROM comments ORDER BY id")]

    def send(self, source: int, body: object, uri: str = PAGE, **headers: str) -> tuple[int, str]:
        """Send something as a program would, from an address of its own."""
        return post(f"{self.url}/voices/new?uri={uri}", f"127.0.1.{source}", body, **headers)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One of each, for all tests here."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(public_folder())
        content = Path(shutil.copytree(LIBRARY, folder / "project" / "content"))
        (content / "voices").mkdir()
        (content / "voices" / "listen-well.yaml").write_text(KNOWN, encoding="utf-8")
        release = folder / "srv" / "current"
        (release / "conf").mkdir(parents=True)
        (release / "conf" / "site.data").write_text(site_data({}), encoding="utf-8")
        ports = Ports(free_port(), free_port(), free_port())
        url = f"http://127.0.0.1:{ports.plain}"
        server = stack.enter_context(isso(folder / "isso", url))
        made = World(url, content, release / "site", server, folder / "nginx")
        made.build()
        conf = (ON_SERVER / "voices.conf").read_text(encoding="utf-8")
        assert conf.count("http://127.0.0.1:8081/") == 1
        conf = conf.replace("http://127.0.0.1:8081/", f"{server.url}/")
        stack.enter_context(nginx(folder / "nginx", folder / "srv", ports, conf))
        yield made


def traces(world: World) -> bytes:
    """Return all that was written down about whoever wrote: database and logs."""
    paths = [world.isso.database, *world.isso.database.parent.glob("*.log"), *world.logs.glob("*.log")]
    return b"\n".join(path.read_bytes() for path in paths if path.is_file())


def test_a_comment_goes_its_way_and_back(world: World, chromium: Any, axe: str) -> None:
    """Written in a browser, seen by nobody, approved, pulled, built, shown without script, taken back."""
    context = chromium.new_context(user_agent="Tell-Tale/7.0")
    page, told = context.new_page(), []
    page.on("response", lambda answer: told.append((answer.request.method, answer.url, answer.status)))
    page.goto(world.url + PAGE)
    page.locator(".voices__fold > summary").click()
    page.get_by_label("What you want to say").fill(WORDS)
    page.get_by_label("What to call you").fill("Ana")
    page.evaluate(axe)
    assert page.evaluate("axe.run('.voices').then(found => found.violations.map(one => one.id))") == []
    page.emulate_media(media="print")
    assert page.locator("#voice-old-0").bounding_box()["height"] > 0
    assert not page.locator(".voices__ask").is_visible()
    page.emulate_media(media="screen")
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    with page.expect_response(lambda one: "/voices/new" in one.url) as waited:
        page.get_by_role("button", name="Send it to the editors").click()
    answer = waited.value
    page.get_by_text("Thank you. An editor reads it").wait_for()
    assert answer.status == 202
    assert json.loads(answer.request.post_data).keys() == {"author", "text", "title"}
    headers = {name.lower() for name in answer.all_headers()}
    assert "content-security-policy" in headers
    assert not {name for name in headers if "cookie" in name or name.startswith("access-control")}
    assert answer.json().keys() & {"email", "remote_addr", "voters"} == set()
    assert context.cookies() == [] and page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert {url for _, url, _ in told if not url.startswith(world.url)} == set()
    context.close()

    (row,) = world.rows()
    assert (row["text"], row["author"], row["mode"]) == (WORDS, "Ana", 2)
    assert (row["email"], row["website"], row["remote_addr"]) == (None, None, "127.0.0.0")  # nginx's own
    assert b"Tell-Tale" not in traces(world)
    assert b"silly" not in (world.isso.database.parent / "isso.log").read_bytes()
    for address in (PAGE, f"/voices/?uri={PAGE}", "/voices/new", "/voices/admin/", "/voices/latest"):
        assert b"silly" not in get(world.url + address)[2]
    assert get(world.url + "/voices/new")[0] == get(world.url + "/voices/admin/")[0] == 404

    file = world.content / "voices" / "listen-well.yaml"
    assert world.voices("pull") == 0
    assert file.read_text(encoding="utf-8") == KNOWN
    world.isso.approve(row["id"])
    assert world.voices("pull") == 0
    added = file.read_text(encoding="utf-8").removeprefix(KNOWN)
    (name,) = re.findall(r"\A- id: (isso-1-[0-9a-f]{6})\n", added)
    assert b"127.0.0" not in world.isso.database.read_bytes()
    world.build()
    html = get(world.url + PAGE)[2].decode()
    assert "We tried it for a week. It felt “silly” &amp; then &lt;3 it did not." in html
    assert "Tell-Tale" not in html and "127.0.0.0" not in file.read_text(encoding="utf-8")

    assert world.voices("retract", name) == 0
    assert file.read_text(encoding="utf-8") == KNOWN
    assert world.rows() == []
    assert b"silly" not in world.isso.database.read_bytes()


HOSTILE: dict[str, tuple[Any, str]] = {
    "a script": ("<script>alert(1)</script> hello", "markup"),
    "an image that runs": ('<img src=x onerror="alert(1)"> hello', "markup"),
    "a link in Markdown": ("look [here](https://spam.example)", "markup"),
    "links of spam": ("cheap pills http://a.example http://b.example", "contact"),
    "a bare domain": ("see spam-shop.com now", "contact"),
    "100 kB": ("x" * 100_000, "413"),
    "a little too much for nginx": ("x" * 8_300, "413"),
    "a little too much for us": ("word " * 330, "string_too_long"),
    "writing from right to left": ("fine \u202egnp.exe", "hidden"),
    "no width": ("a\u200bb\u2060c fine", "hidden"),
    "a bell": ("ding \u0007 dong", "hidden"),
    "a file of ours": ("- id: isso-1\n  date: 2026-01-01\n  text: [owned]", "text"),
    "keys and a remark": ("key: value # remark", "text"),
    "quotation marks": ("\"'`\\ \\\" '' end\\", "text"),
    "a tag of YAML": ("!!python/object/apply:os.system [ls]", "text"),
    "anchors": ("&a *a << %YAML 1.1", "text"),
    "an end of the document": ("fine\n\n---\n\n...\n\nreally", "text"),
    "a template": ("{{ 7 * 7 }} {% include 'x' %} {# no #}", "text"),
    "references of ours": ("[[trust]] and [@laurenceau-1998]", "markup"),
    "entities": ("&#60;b&#62; fine &lt;i&gt;", "markup"),
    "a forged state": ({"text": "let me in at once", "mode": 1, "id": 999, "created": 0}, "text"),
    "a mail address": (
        {"text": "nothing to see", "email": "me@spam.example", "website": "spam.example"},
        "text",
    ),
    "a name with markup": ({"text": "fine words", "author": "<b>Bo</b>"}, "markup"),
    "a name that is too long": ({"text": "fine words", "author": "Bo " * 30}, "string_too_long"),
    "words of danger": ("then he hit me again", "danger"),
    "a telephone number": ("call me: +44 20 7946 0018", "phone"),
    "no words": ("", "400"),
    "a list": ({"text": ["a", "b"]}, "400"),
    "no JSON": (b"{not json", "400"),
}
"""What is sent, and what comes of it: a refusal, a rule that holds it back, or text."""
PLACES = {
    "a quiet page": "/faq/when-to-get-help/",
    "no page": "/../../etc/passwd",
    "no address": "javascript:0",
}


def test_hostile_comments_end_as_text_or_not_at_all(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Even if a moderator approves them all, what may not be shown is left out by name; the build holds."""
    wanted: dict[int, tuple[str, str]] = {}
    for source, (name, (what, end)) in enumerate(HOSTILE.items(), 1):
        body = (
            what
            if isinstance(what, bytes)
            else {"title": "x", **(what if isinstance(what, dict) else {"text": what})}
        )
        status, said = world.send(source, body)
        assert str(status) == (end if end.isdigit() else "202"), (name, said)
        if status == 202:
            wanted[json.loads(said.rpartition("\n")[2])["id"]] = (name, end)
    for source, (name, uri) in enumerate(PLACES.items(), 100):
        status, said = world.send(source, {"text": "fine words", "title": "x"}, uri)
        assert status == 202, (name, said)
        wanted[json.loads(said.rpartition("\n")[2])["id"]] = (name, "quiet")
    assert world.send(99, {"text": "fine"}, **{"Content-Type": "text/plain"})[0] == 403
    assert {row["mode"] for row in world.rows()} == {2}
    assert world.voices("check") == 1
    flagged = capsys.readouterr().out
    for number, (name, end) in wanted.items():
        rules = [row for row in flagged.splitlines() if f"'isso-{number}-" in row]
        assert (f"[{end}]" in "".join(rules)) == (end != "text"), (name, rules)
        world.isso.approve(number)
    assert world.voices("pull") == 1
    text = (world.content / "voices" / "listen-well.yaml").read_text(encoding="utf-8")
    come = {number for number in wanted if f"\n- id: isso-{number}-" in text}
    assert come == {number for number, (_, end) in wanted.items() if end == "text"}
    assert not [row for row in world.rows() if row["email"] or row["website"]]
    world.build()
    html = get(world.url + PAGE)[2].decode()
    for words in ("- id: isso-1 date: 2026-01-01 text: [owned]", "key: value # remark", "{{ 7 * 7 }}", "---"):
        assert words in html
    assert len(come) == html.count('id="voice-isso-') + html.count("id=voice-isso-")


def test_a_flood_is_refused_in_plain_words(world: World) -> None:
    """Of two hundred in a minute from one address a handful gets through; others can still write."""
    before = len(world.rows())
    answers = [world.send(200, {"text": f"fine words {n}", "title": "x"})[0] for n in range(200)]
    assert answers.count(202) + answers.count(429) == 200
    assert len(world.rows()) - before == answers.count(202) <= 8
    assert world.send(201, {"text": "fine words", "title": "x"})[0] == 202
    assert b"127.0.1." not in traces(world)
