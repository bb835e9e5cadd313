"""Renaming and retiring entries: whatever names one follows, and all of it happens or nothing."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.common_thread.addresses import REDIRECTS
from plugins.common_thread.needs import NEEDED
from plugins.library.filters import today
from plugins.quiz.schema import TYPES
from publish import cli, moves
from publish.journal import Change, RefusedError, change_files
from publish.moves import Plan, plan_rename, plan_retire, run_rename, run_retire
from publish.references import Exchange, UnclearError, rewrite_body, rewrite_yaml
from publish.site_settings import site_kinds
from publish.sound import content_faults
from publish.sources import Sources, redirects_with

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 28)
OLD = Exchange("old", "new", "/faq/old/", "/faq/new/")
MERGED = Exchange("old", "new", "/faq/old/", "/faq/new/", merge=True)
FRONT = site_kinds()["strategy"].front.model_json_schema()


@pytest.mark.parametrize(
    ("before", "renamed", "retired"),
    [
        ("See [[old]].", "See [[new]].", "See [[new]]."),
        ("See [[old|the old way]].", "See [[new|the old way]].", "See [[new|the old way]]."),
        ("See [[old#old]].", "See [[new#old]].", "See [[new]]."),
        ("See [[old-ways]] and [[old]].", "See [[old-ways]] and [[new]].", "See [[old-ways]] and [[new]]."),
        ("Write `[[old]]` for [[old]].", "Write `[[old]]` for [[new]].", "Write `[[old]]` for [[new]]."),
        ("[[cards: one, old, new]]", "[[cards: one, new, new]]", "[[cards: one, new]]"),
        ("[So](/faq/old/#how)", "[So](/faq/new/#how)", "[So](/faq/new/)"),
        ("```\n[[old]]\n```\n\n[[old]]", "```\n[[old]]\n```\n\n[[new]]", "```\n[[old]]\n```\n\n[[new]]"),
        ("| a | b |\n|---|---|\n| [[old\\|x]] | c |",) + ("| a | b |\n|---|---|\n| [[new\\|x]] | c |",) * 2,
        ("Nothing old here.", "Nothing old here.", "Nothing old here."),
    ],
)
def test_links_and_cards_follow_and_code_stays(before: str, renamed: str, retired: str) -> None:
    """Every way to name an entry in a text is changed; a list of cards shows none twice."""
    assert rewrite_body(before, 1, OLD).text == renamed
    assert rewrite_body(before, 1, MERGED).text == retired


@pytest.mark.parametrize(
    ("before", "renamed", "retired"),
    [
        ("related: [one, old]", "related: [one, new]", "related: [one, new]"),
        ("related: [old, new]", "related: [new, new]", "related: [new]"),
        ("related: [new, old] # a remark", "related: [new, new] # a remark", "related: [new] # a remark"),
        ("related:\n  - old\n  - 'new'\n", "related:\n  - new\n  - 'new'\n", "related:\n  - 'new'\n"),
        ("title: old\nrelated: ['old']", "title: old\nrelated: ['new']", "title: old\nrelated: ['new']"),
        (
            "addresses:\n  - obstacle: new\n    because: a\n  - obstacle: old\n    because: old\ntime: b\n",
            "addresses:\n  - obstacle: new\n    because: a\n  - obstacle: new\n    because: old\ntime: b\n",
            "addresses:\n  - obstacle: new\n    because: a\ntime: b\n",
        ),
    ],
)
def test_front_matter_follows_where_its_model_has_a_slug(before: str, renamed: str, retired: str) -> None:
    """A value that is no slug stays; a list that would name an entry twice names it once."""
    assert rewrite_yaml(before, [FRONT], OLD).text == renamed
    assert rewrite_yaml(before, [FRONT], MERGED).text == retired


@pytest.mark.parametrize("written", ["[old, one]", "\n  - id: old\n    title: old\n  - one"])
def test_a_quiz_follows_whichever_way_it_names_a_category(written: str) -> None:
    """By its id alone, or with more that belongs to it; answers that count for it follow."""
    before = f"title: old\ncategories: {written}\nitems:\n  - id: a\n    options:\n      - category: old\n"
    after = (
        before.replace("[old", "[new").replace("id: old", "id: new").replace("category: old", "category: new")
    )
    schemas = [model.model_json_schema() for model in TYPES.values()]
    assert rewrite_yaml(before, schemas, OLD).text == after


def test_what_cannot_be_changed_safely_is_told_with_its_line() -> None:
    """YAML that can't be read, and a heading whose address would change, are left to a person."""
    with pytest.raises(UnclearError) as broken:
        rewrite_yaml("title: x\nrelated: [old", [FRONT], OLD)
    assert broken.value.line == 2
    with pytest.raises(UnclearError) as heading:
        rewrite_body("Words.\n\n## On [[old]]\n\nWords.", 5, OLD)
    assert heading.value.line == 7


def library(**texts: str) -> Sources:
    """Return sources of answers (slug → text), and a file of redirects."""
    front = "---\ntitle: T\ntopic: basics\n{}---\n\n{}\n"
    files = {
        f"content/faq/{slug.replace('_', '-')}.md": front.format(*text.rpartition("|")[::2]).encode()
        for slug, text in texts.items()
    }
    return Sources({**files, REDIRECTS: b"# Old: new.\n{}\n"}, site_kinds())


def test_redirects_lead_in_one_step_and_back() -> None:
    """A second rename leads readers of the first address on; going back takes the redirect away."""
    once = plan_rename(library(one="A."), "one", "two", DAY)
    assert once.files[REDIRECTS] == b"# Old: new.\n/faq/one/: /faq/two/\n"
    sources = once.applied(library(one="A."))
    twice = plan_rename(sources, "two", "three", DAY)
    assert twice.files[REDIRECTS] == b"# Old: new.\n/faq/one/: /faq/three/\n/faq/two/: /faq/three/\n"
    back = plan_rename(sources, "two", "one", DAY)
    assert back.files[REDIRECTS] == b"# Old: new.\n/faq/two/: /faq/one/\n"
    assert redirects_with("/a/: /b/\n", REDIRECTS, {}, dropped="/a/") == "{}\n"


@pytest.mark.parametrize("held", ["status: draft\n|", "date: 2026-12-24\n|"])
def test_what_nobody_has_seen_leaves_no_redirect(held: str) -> None:
    """A draft, or an entry for a day to come, has no readers to lead on."""
    plan = plan_rename(library(one=f"{held}A."), "one", "two", DAY)
    assert REDIRECTS not in plan.files
    assert not plan.redirect


def test_a_file_from_windows_keeps_its_mark_and_line_ends() -> None:
    """Only the names change in it."""
    sources = library(one="A.", two="See [[one]].")
    raw = b"\xef\xbb\xbf" + sources.files["content/faq/two.md"].replace(b"\n", b"\r\n")
    sources.files["content/faq/two.md"] = raw
    plan = plan_rename(sources, "one", "other", DAY)
    assert plan.files["content/faq/two.md"] == raw.replace(b"[[one]]", b"[[other]]")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("onee", "two", "Did you mean 'one'?"),
        ("one", "two", "taken by content/faq/two.md"),
        ("one", "Two!", "no slug"),
        ("one", "con", "no slug"),
        ("when-to-get-help", "help", "in its code"),
    ],
)
def test_a_name_that_will_not_do_is_refused(old: str, new: str, words: str) -> None:
    """The reason is told, and what helps."""
    with pytest.raises(RefusedError, match=re.escape(words)):
        plan_rename(library(one="A.", two="B.", when_to_get_help="C."), old, new, DAY)


def test_thirty_entries_get_other_names_and_nothing_names_the_old(content: Path) -> None:
    """Ten give way and twenty are renamed: the library stays sound, and every old address leads on."""
    sources = Sources.read(content.parent, site_kinds())
    before, plans = sources, list[Plan]()
    mortal = sorted(set(sources.slugs()) - set(NEEDED))
    for old in mortal:
        folder, heir = (
            sources.slugs()[old].split("/")[1],
            {"faq": "what-is-commitment", "talks": "real-numbers"},
        )
        if len(plans) < 10 and folder in heir and old not in heir.values() and is_spare(sources, old):
            plans.append(plan_retire(sources, old, heir[folder], today()))
            sources = plans[-1].applied(sources)
    left = [slug for slug in mortal if slug in sources.slugs()]
    for old in [*left[::11][:10], *[one for one in left[1::2] if one not in left[::11]][-10:]]:
        plans.append(plan_rename(sources, old, f"{old}-anew", today()))
        sources = plans[-1].applied(sources)
    assert len(plans) == 30
    write(content.parent, sources, before)
    assert [str(fault) for fault in content_faults(content, content.parent / ".cache")] == []
    texts = [raw.decode() for path, raw in sources.files.items() if path != REDIRECTS]
    for plan in plans:
        name = re.escape(plan.exchange.old)
        assert not any(re.search(rf"\[\[{name}[\]|#]|obstacle: {name}$", text, re.M) for text in texts)
        assert f"\n{plan.exchange.old_url}: /" in sources.text(REDIRECTS)


def is_spare(sources: Sources, slug: str) -> bool:
    """Tell whether other entries cite all that this one cites, so that it can go."""
    own = sources.slugs()[slug]
    others = b"".join(raw for path, raw in sources.files.items() if path != own)
    return all(cited in others for cited in re.findall(rb"\[@[^\]]+\]", sources.files[own]))


def write(project: Path, sources: Sources, before: Sources) -> None:
    """Let the files of a project be ``sources``, which were ``before``."""
    for name in before.files.keys() - sources.files.keys():
        (project / name).unlink()
    for name, raw in sources.files.items():
        (project / name).write_bytes(raw)


def test_the_commands_say_what_they_do_and_stop_before_harm(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run changes nothing; an entry that others need is not retired; the rest is seen through."""
    project = content.parent
    monkeypatch.setattr(moves, "ROOT", project)
    drawing = project / moves.DRAWINGS / "trust.svg"
    drawing.parent.mkdir(parents=True)
    drawing.write_bytes(b"<svg/>")
    before = Sources.read(project, site_kinds()).files
    with pytest.raises(RefusedError, match=r"strategies/.*names 'old-hurts'.*Say --rewrite"):
        run_retire(argparse.Namespace(slug="old-hurts", to="shaken-trust", rewrite=False, dry_run=False))
    with pytest.raises(RefusedError, match="can get"):
        run_retire(argparse.Namespace(slug="role-dynamics", to="shaken-trust", rewrite=True, dry_run=False))
    names = argparse.Namespace(old="trust", new="steady-trust", dry_run=True)
    monkeypatch.setattr(moves, "faults_of", lambda _project, _texts: [])
    assert run_rename(names) == 0
    assert Sources.read(project, site_kinds()).files == before
    names.dry_run = False
    assert run_rename(names) == 0
    assert "/signs/trust/ leads to /signs/steady-trust/ from now on." in capsys.readouterr().out
    assert (content / "signs" / "steady-trust.md").is_file()
    assert not (content / "signs" / "trust.md").exists()
    assert drawing.with_name("steady-trust.svg").read_bytes() == b"<svg/>"
    retired = argparse.Namespace(slug="steady-trust", to="emotional-safety", rewrite=True, dry_run=False)
    assert run_retire(retired) == 0
    assert "steady-trust.svg goes." in capsys.readouterr().out
    assert list(drawing.parent.iterdir()) == []


def test_killed_at_any_moment_nothing_is_half_done(tmp_path: Path) -> None:
    """Whatever line a kill meets, the next command finds all of the change made, or none."""
    run = [sys.executable, "-m", "tests.publish.killed", str(tmp_path), "5"]
    told = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    trials = [json.loads(line) for line in told.splitlines()]
    assert len(trials) >= 10
    assert {trial["killed"] for trial in trials} == {"before", "half", "after"}
    assert {trial["next"] for trial in trials} == {"before", "after"}
    first = next(at for at, trial in enumerate(trials) if trial["next"] == "after")
    assert all(trial["next"] == "after" and not trial["left"] for trial in trials[first:])
    assert all(set(trial["left"]) <= {".common-thread-changes.new"} for trial in trials[:first])


def test_somebody_elses_work_is_not_written_over(tmp_path: Path) -> None:
    """A file that is no longer what the plan was made from stops the change."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.md").write_bytes(b"newer words")
    with pytest.raises(RefusedError, match="changed just now"):
        change_files(tmp_path, {"content/a.md": Change(b"words", b"other"), "b": Change(None, b"b")})
    assert not (tmp_path / "b").exists()
    assert (tmp_path / "content" / "a.md").read_bytes() == b"newer words"


def test_every_command_first_sees_a_stopped_change_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a killed command has begun is done, and told."""
    (tmp_path / "content").mkdir()
    waiting = tmp_path / ".common-thread-changes"
    waiting.mkdir()
    (waiting / "plan.json").write_text('[["content/a.md", "", "x", "0"]]', encoding="utf-8")
    (waiting / "0").write_bytes(b"words")
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    assert cli.main(["test", "--list"]) == 0
    assert (tmp_path / "content" / "a.md").read_bytes() == b"words"
    assert "content/a.md: changed now" in capsys.readouterr().err
    assert not waiting.exists()
