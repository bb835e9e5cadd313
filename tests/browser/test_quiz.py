"""The quizzes in a real browser: on paper without script, by keyboard alone with it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.quiz_walk import (
    AFRAID,
    CALM,
    LISTEN,
    SIGNS,
    WAY,
    answers_of,
    faults,
    is_wider_than_screen,
    item_ids,
    size_of,
    stored,
    to_result,
    visible_texts,
    walk,
    walk_by_keyboard,
)
from tests.browser.waiting import settle, until

pytestmark = pytest.mark.browser
SCREENS = [(320, "light"), (1280, "dark")]
TAGS = {"start": "A place to start", "strength": "Strongest just now"}


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A phone with script."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(chromium: Any) -> Iterator[Any]:
    """A browser without script."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    yield context.new_page()
    context.close()


# Without script ---------------------------------------------------------------


@pytest.mark.parametrize("address", [SIGNS, WAY, LISTEN])
def test_without_script_the_page_is_a_worksheet(plain_page: Any, served: str, address: str) -> None:
    """All questions, what each answer counts, how to add up, what it means: and no dead button."""
    plain_page.goto(served + address)
    fields = plain_page.locator(".quiz__field")
    assert plain_page.locator(".quiz__field:visible").count() == fields.count() == size_of(address)
    assert plain_page.locator(".quiz__mark:visible").count() >= 36
    assert plain_page.locator("self-quiz button:visible").count() == 0
    assert plain_page.locator(".quiz__worksheet:visible").count() == 1
    assert (
        plain_page.locator(".quiz__section:visible").count() == plain_page.locator(".quiz__section").count()
    )
    assert plain_page.locator(".quick-exit__link:visible").count() == 1


def test_the_worksheet_adds_up_as_the_script_does(plain_page: Any, served: str) -> None:
    """Reversed lines count down, and the bands stand in points."""
    plain_page.goto(served + SIGNS)
    assert visible_texts(plain_page, "[data-item=tr1] .quiz__mark") == ["0", "1", "2", "3", "4"]
    assert visible_texts(plain_page, "[data-item=tr3] .quiz__mark") == ["4", "3", "2", "1", "0"]
    assert visible_texts(plain_page, "[data-section=trust] .quiz__sum") == ["Lines 2 + 8 + 14 + 20 = of 16"]
    assert visible_texts(plain_page, "[data-section=trust] .quiz__bands [data-worksheet]") == [
        "(0 to 6)",
        "(7 to 11)",
        "(12 to 16)",
    ]


@pytest.mark.parametrize("has_script", [False, True], ids=["plain", "script"])
def test_enter_sends_the_answers_nowhere(chromium: Any, served: str, has_script: bool) -> None:
    """A form that can't be sent: no answer ever reaches an address."""
    context = chromium.new_context(java_script_enabled=has_script)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    page.goto(served + LISTEN)
    page.locator("[name=l1]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.evaluate("0")  # what Enter has set going comes before the answer
    page.goto(f"{served}/about/")
    assert asked == [served + LISTEN, f"{served}/about/"]
    context.close()


@pytest.mark.parametrize(("address", "sheets"), [(SIGNS, 2), (WAY, 2), (LISTEN, 1)])
@pytest.mark.parametrize("has_script", [False, True], ids=["plain", "script"])
def test_the_worksheet_prints_on_two_sheets(
    chromium: Any, served: str, address: str, sheets: int, has_script: bool
) -> None:
    """Each quiz fits two sheets of A4 at most, and with script it prints the same before the first answer."""
    context = chromium.new_context(java_script_enabled=has_script)
    page = context.new_page()
    page.goto(served + address)
    assert sheets_of(page) == sheets
    page.emulate_media(media="print")
    assert page.locator(".quiz__field:visible").count() == page.locator(".quiz__field").count()
    assert page.locator(".quiz__mark:visible").count() >= 36
    context.close()


def sheets_of(page: Any) -> int:
    """Return how many A4 sheets the page prints on."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


# With script ------------------------------------------------------------------


def test_a_keyboard_is_enough(page: Any, served: str) -> None:
    """Space, arrows and Enter lead from the first question to the result, which is told and focused."""
    page.goto(served + SIGNS)
    page.locator("[name=es1]").first.focus()
    walk_by_keyboard(page, answers_of(CALM))
    assert page.evaluate("document.activeElement.id") == "quiz-review"
    assert page.locator("[data-slot=status]").inner_text() == "Here are your answers."
    page.locator("[data-do=result]").focus()
    page.keyboard.press("Enter")
    page.locator("self-quiz[data-state=result]").wait_for()
    assert page.evaluate("document.activeElement.id") == "quiz-result"
    assert page.locator("[data-slot=status]").inner_text() == "Your result is ready."
    assert visible_texts(page, ".strand__words") == [
        "Steady, 81 of 100",
        "Growing, 44 of 100",
        "Growing, 50 of 100",
        "Steady, 81 of 100",
        "Quiet right now, 38 of 100",
        "Steady, 81 of 100",
    ]


def test_the_result_leads_somewhere(page: Any, served: str) -> None:
    """The place to start comes first, says why, and its route is open.

    Obstacle, strategy, reason, first step.
    """
    page.goto(served + SIGNS)
    to_result(page, answers_of(CALM))
    first = page.locator(".quiz__section").first
    assert first.get_attribute("data-section") == "warmth-and-appreciation"
    assert page.locator(".quiz__tag:not([hidden])").all_text_contents() == [
        TAGS["start"],
        *[TAGS["strength"]] * 2,
    ]
    assert first.locator(".quiz__why li").all_inner_texts()[0].endswith("Disagree lowered it")
    assert first.locator(".quiz__bands li:visible").all_inner_texts()[0].startswith("Quiet right now")
    assert first.locator("details").get_attribute("open") is not None
    assert first.locator(".quiz__group:visible").count() == 3
    assert first.locator(".tip__because:visible").count() >= 3
    assert page.locator(".quiz__route[open]").count() == 1
    assert visible_texts(page, "[data-lead=start]") == ["A place to start: Warmth and appreciation"]
    page.get_by_role("button", name="Trust", exact=True).click()
    assert page.evaluate("document.activeElement.id") == "result-trust"
    assert page.url == served + SIGNS


def test_not_enough_answers_is_said(page: Any, served: str) -> None:
    """A sign with too few answers gets no score, and takes no part."""
    page.goto(served + SIGNS)
    to_result(page, {name: value for name, value in answers_of(CALM).items() if name not in ("mu1", "mu2")})
    assert visible_texts(page, "[data-strand=mutual-understanding] .strand__words") == ["Not enough answers"]
    assert page.locator("[data-note=unscored]").is_visible()
    assert page.locator("[data-section=mutual-understanding] .quiz__bands li:visible").count() == 0


def test_an_even_and_a_steady_picture(page: Any, served: str) -> None:
    """All in between: the reader chooses. All steady: what keeps it going."""
    page.goto(served + SIGNS)
    to_result(page, dict.fromkeys(answers_of(CALM), "3"))
    assert page.locator("[data-note=even]").is_visible()
    assert page.locator("[data-note=straight]").is_visible()
    assert visible_texts(page, ".quiz__tag") == [TAGS["start"]]
    page.reload()
    reversed_items = ["es2", "es4", "tr3", "oc2", "mu2", "mu3", "wa4", "sv3"]
    to_result(page, {name: "1" if name in reversed_items else "5" for name in answers_of(CALM)})
    assert page.locator("[data-note=steady] .tip:visible").count() == 3
    assert page.locator("[data-tag=start]:visible, [data-lead=start]:visible").count() == 0
    assert page.locator("[data-note=straight]").is_hidden()


@pytest.mark.parametrize(
    ("answers", "shown", "notes"),
    [
        ("w1 1 w2 4 w8 4", ["lack-of-energy"], []),
        ("w1 2 w2 4 w4 2 w3 1 w5 2", ["digital-distraction", "bottling-things-up"], []),
        (
            "w1 1 w2 4 w3 1 w5 2 w6 3 w7 2 w4 2 w8 1",
            ["lack-of-energy", "digital-distraction", "bottling-things-up"],
            ["several"],
        ),
        ("w1 1 w2 1", ["discomfort-with-heavy-emotions", "lack-of-energy"], ["nothing"]),
    ],
    ids=["one", "tie", "several", "nothing"],
)
def test_what_is_in_the_way(page: Any, served: str, answers: str, shown: list[str], notes: list[str]) -> None:
    """One obstacle, a tie, several at once, or nothing that stands out."""
    page.goto(served + WAY)
    to_result(page, answers_of(answers) | {"w10": "1"})
    sections = page.locator(".quiz__section:visible")
    assert [one.get_attribute("data-section") for one in sections.all()] == shown
    assert [one.get_attribute("data-note") for one in page.locator("[data-note]:visible").all()] == notes
    assert page.locator("[data-slot=safety]").is_hidden()


def test_how_well_do_you_listen(page: Any, served: str) -> None:
    """One score, its band, and the habits that lowered it most."""
    page.goto(served + LISTEN)
    to_result(page, {f"l{number}": "5" for number in range(1, 11)})
    assert visible_texts(page, ".strand__words") == ["Getting there, 60 of 100"]
    assert page.locator(".quiz__why li").count() == 3
    assert page.locator(".quiz__compare").count() == 0


def test_with_all_questions_on_one_page_the_way_on_comes_first(page: Any, served: str) -> None:
    """Not behind a stop of the Tab key each.

    It stays in sight, and only what is near the screen is laid out.
    """
    page.goto(served + SIGNS)
    page.locator("[data-do=mode]").click()
    page.locator("self-quiz[data-mode=all]").wait_for()
    page.locator(".quiz__promises a").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.slot") == "next"
    far = "item => !item.firstElementChild.checkVisibility({contentVisibilityAuto: true})"
    assert sum(item.evaluate(far) for item in page.locator(".quiz__item").all()) >= 10
    page.locator("[name=sv1]").first.check()
    button = page.locator("[data-slot=next]").bounding_box()
    assert 0 <= button["y"] <= page.viewport_size["height"] / 4
    page.keyboard.press("Shift+Tab")
    page.locator("[data-slot=next]").click()
    page.locator("self-quiz[data-state=review]").wait_for()
    page.locator("[data-do=change]").first.click()
    page.locator("[data-do=mode]").click()
    page.locator("[name=es1]:focus").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.slot") == "next"


def test_a_result_without_anything_to_try_offers_no_plan(page: Any, served: str) -> None:
    """Nothing but the line that only the safety rules read is answered: no part of the result, no plan."""
    page.goto(served + WAY)
    to_result(page, {"w10": "1"})
    assert page.locator(".quiz__section:visible").count() == 0
    assert page.locator("[data-slot=plan]").is_hidden()


def test_every_score_says_why(page: Any, served: str) -> None:
    """Answers that all lie in the middle pull nowhere: that is said, instead of nothing."""
    page.goto(served + SIGNS)
    to_result(page, answers_of(CALM) | dict.fromkeys(["mu1", "mu2", "mu3", "mu4"], "3"))
    sections = page.locator(".quiz__section")
    assert page.locator(".quiz__why:visible").count() == sections.count() == 6
    middle = page.locator("[data-why=mutual-understanding]")
    assert "lies in the middle" in middle.inner_text()
    assert middle.locator("li").count() == 0
    assert page.locator("[data-slot=unmoved]:visible").count() == 1


OVER_AN_ANSWER = """() => {
  const exit = document.querySelector(".quick-exit__link").getBoundingClientRect();
  return [...document.querySelectorAll(".quiz__item[data-current] .quiz__option")].filter((option) => {
    const box = option.getBoundingClientRect();
    return box.top < exit.bottom && box.bottom > exit.top && box.left < exit.right && box.right > exit.left;
  }).map((option) => option.textContent.trim());
}"""


@pytest.mark.parametrize("address", [SIGNS, WAY, LISTEN])
def test_the_exit_lies_over_no_answer(page: Any, served: str, address: str) -> None:
    """On a phone, as the page opens and at every question after it."""
    page.goto(served + address)
    page.locator("[data-current]").wait_for()
    covered = [page.evaluate(OVER_AN_ANSWER)]
    for name in item_ids(page)[:-1]:
        page.locator(f"[name={name}]").first.check()
        page.locator("[data-slot=next]").click()
        page.locator(f"[data-current] [name={name}]").first.wait_for(state="detached")
        covered.append(page.evaluate(OVER_AN_ANSWER))
    assert [answers for answers in covered if answers] == []


def test_back_change_and_skip(page: Any, served: str) -> None:
    """An open question is an error told in words; skipping, going back and changing are not."""
    page.goto(served + LISTEN)
    next_one = page.locator("[data-slot=next]")
    next_one.click()
    page.get_by_role("alert").get_by_text("Choose an answer").wait_for()
    assert page.evaluate("document.activeElement.name") == "l1"
    page.locator("[name=l1][value=skip]").check()
    assert page.locator("[role=alert]").inner_text() == ""
    next_one.click()
    page.locator("[data-do=back]").click()
    assert page.locator("[name=l1]:checked").get_attribute("value") == "skip"
    page.reload()
    walk(page, {f"l{number}": "4" for number in range(1, 11)})
    page.locator("[data-do=change]").nth(2).click()
    page.locator("[data-item=l3]").wait_for()
    assert page.evaluate("document.activeElement.name") == "l3"
    page.locator("[name=l3][value='1']").check()
    next_one.click()
    page.locator("self-quiz[data-state=review]").wait_for()
    assert visible_texts(page, ".quiz__answer b")[2] == "Never"


def test_changing_one_answer_takes_one_press_there_and_one_back(page: Any, served: str) -> None:
    """From the list of answers to the question and back, whatever lies between."""
    page.goto(served + LISTEN)
    walk(page, {f"l{number}": "4" for number in range(1, 11)})
    page.locator("[data-do=change]").nth(2).click()
    page.locator("[name=l3][value='1']").check()
    page.get_by_role("button", name="Back to my answers").first.click()
    page.locator("self-quiz[data-state=review]").wait_for()
    assert visible_texts(page, ".quiz__answer b")[2] == "Never"


@pytest.mark.parametrize(("height", "size"), [(480, "100%"), (568, "200%")])
def test_the_next_question_begins_on_the_screen(chromium: Any, served: str, height: int, size: str) -> None:
    """Also where it is taller than the screen, or the text is twice as big."""
    context = chromium.new_context(viewport={"width": 320, "height": height}, bypass_csp=True)
    page = context.new_page()
    page.goto(served + SIGNS)
    page.add_style_tag(content=f"html {{ font-size: {size} }}")
    for name in ("es1", "tr1", "oc1"):
        page.locator(f"[name={name}]").first.check()
        page.locator("[data-slot=next]").click()
        page.locator(f"[data-current]:not(:has([name={name}]))").wait_for()
        top = "document.querySelector('[data-current] legend').getBoundingClientRect().top"
        until(page, f"height => -1 <= {top} && {top} < height / 2", height)
    context.close()


def test_an_error_is_told_again_and_belongs_to_its_question(page: Any, served: str) -> None:
    """The fieldset is described by it, and a second press says it a second time."""
    page.goto(served + LISTEN)
    page.evaluate(
        """() => { window.told = 0; new MutationObserver(() => (window.told += 1))
        .observe(document.querySelector("#quiz-error"), { childList: true }); }"""
    )
    for times in (1, 2):
        page.locator("[data-slot=next]").click()
        until(page, f"() => window.told >= {times}")
        assert page.locator("#quiz-error").inner_text().startswith("Choose an answer")
    assert page.locator("[data-current] fieldset").get_attribute("aria-describedby") == "quiz-error"


def test_all_on_one_page(page: Any, served: str) -> None:
    """The reader may choose to have every question in front of them."""
    page.goto(served + LISTEN)
    page.locator("[data-do=mode]").click()
    page.locator("self-quiz[data-mode=all]").wait_for()
    assert page.locator(".quiz__field:visible").count() == size_of(LISTEN)
    page.locator("[data-slot=next]").click()
    page.get_by_role("alert").get_by_text("Nothing is answered").wait_for()
    for number in range(1, size_of(LISTEN) + 1):
        page.locator(f"[name=l{number}][value='4']").check()
    page.locator("[data-slot=next]").click()
    page.locator("[data-do=result]").click()
    page.locator("#quiz-result").wait_for()


def test_answers_survive_a_reload_only_on_request(page: Any, served: str) -> None:
    """Nothing is kept until the reader asks; one press erases it."""
    page.goto(served + LISTEN)
    page.locator("[name=l1][value='4']").check()
    page.reload()
    assert page.locator("[data-item] :checked").count() == 0
    assert stored(page) == {}
    page.locator("[data-do=save]").click()
    page.locator("[name=l1][value='4']").check()
    page.locator("[data-slot=next]").click()
    page.locator("[name=l2][value=skip]").check()
    page.reload()
    assert page.locator("[name=l1]:checked").get_attribute("value") == "4"
    assert page.locator("[name=l2]:checked").get_attribute("value") == "skip"
    assert page.locator("[data-item=l3]").is_visible()
    page.locator("[data-do=erase]").click()
    assert stored(page) == {}
    assert page.locator("[data-item] :checked").count() == 0


def test_answers_kept_for_another_version_are_erased(page: Any, served: str) -> None:
    """The page never says that nothing is kept while something is."""
    page.goto(served + LISTEN)
    page.evaluate(
        'localStorage.setItem(\'ct-quiz-how-well-do-you-listen\', \'{"version": 99, "answers": {"l1": 4}}\')'
    )
    page.reload()
    assert page.locator("[data-item] :checked").count() == 0
    assert page.locator("[data-do=save]").get_attribute("aria-pressed") == "false"
    assert stored(page) == {}


@pytest.mark.parametrize("kept", ["{bad", '{"version": 1}', "null", "[]"])
def test_what_can_not_be_read_is_erased(page: Any, served: str, kept: str) -> None:
    """A spoilt note on the device is no reason to keep one."""
    page.goto(served + LISTEN)
    page.evaluate("kept => localStorage.setItem('ct-quiz-how-well-do-you-listen', kept)", kept)
    page.reload()
    assert page.locator("[data-slot=count]").inner_text() == "0"
    assert stored(page) == {}


def test_erasing_in_one_tab_stops_the_keeping_in_another(page: Any, served: str) -> None:
    """Nothing is written again behind the reader's back."""
    page.goto(served + LISTEN)
    page.locator("[data-do=save]").click()
    other = page.context.new_page()
    other.goto(served + LISTEN)
    other.locator("[data-do=erase]").click()
    page.locator("[data-do=save][aria-pressed=false]").wait_for()
    page.locator("[name=l1][value='4']").check()
    assert stored(page) == {}


@pytest.mark.parametrize("where", ["review", "result"])
def test_erasing_leaves_nothing_of_the_answers_in_the_page(page: Any, served: str, where: str) -> None:
    """No row, reason, link, band or day: the page is as it was at first, on screen and on paper."""
    page.goto(served + SIGNS)
    shape = """() => [...document.querySelectorAll("self-quiz *")]
      .map((e) => e.tagName + e.childElementCount + e.hidden + (e.value ?? "") + (e.checked ?? "")).join()"""
    before = page.evaluate(shape)
    text = page.evaluate("document.querySelector('.quiz__result').textContent")
    walk(page, answers_of(CALM))
    if where == "result":
        page.locator("[data-do=result]").click()
        page.locator("self-quiz[data-state=result]").wait_for()
        page.locator(".quiz__section").first.locator("[name=pick]").first.check()
        page.locator("[data-do=link]").click()
    page.locator("[data-do=erase]").click()
    assert page.evaluate("document.querySelector('.quiz__result').textContent") == text
    assert page.evaluate(shape) == before
    assert page.locator("[data-slot=saved]").inner_text().startswith("Your answers are erased")


def test_pressing_twice_leaves_nothing_either(page: Any, served: str) -> None:
    """A press too many on the way to the result, and erasing still gives back the page as it was."""
    page.goto(served + SIGNS)
    text = page.evaluate("document.querySelector('.quiz__result').textContent")
    walk(page, answers_of(CALM))
    page.evaluate("for (const times of [1, 2]) document.querySelector('[data-do=edit]').click()")
    settle(page)
    page.evaluate("for (const times of [1, 2]) document.querySelector('[data-do=result]').click()")
    page.locator("self-quiz[data-state=result]").wait_for()
    page.locator("[data-do=erase]").click()
    assert page.evaluate("document.querySelector('.quiz__result').textContent") == text


def test_a_page_without_storage_still_works(chromium: Any, served: str) -> None:
    """Storage that throws is a browser's right: the quiz says so and goes on."""
    context = chromium.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', "
        "'SecurityError') }})"
    )
    page = context.new_page()
    page.goto(served + LISTEN)
    page.locator("[data-do=save]").click()
    assert "does not let the page keep" in page.locator("[data-slot=saved]").inner_text()
    to_result(page, {f"l{number}": "4" for number in range(1, 11)})
    assert page.locator("#quiz-result").is_visible()
    context.close()


def test_a_plan_for_two_weeks_or_four(page: Any, served: str) -> None:
    """One to three ideas become eight days, or four weeks of one idea each, on the page and as a file."""
    page.goto(served + SIGNS)
    to_result(page, answers_of(CALM))
    assert page.locator("[data-slot=plan-made]").is_hidden()
    boxes = page.locator(".quiz__section").first.locator("[name=pick]")
    for number in range(3):
        boxes.nth(number).check()
    assert page.locator("[name=pick]:visible:enabled:not(:checked)").count() == 0
    page.locator("[name=start]").fill("2026-12-28")
    days = visible_texts(page, ".quiz__days li")
    assert len(days) == 8
    assert days[0].startswith("Mon 28 Dec")
    assert days[-1].startswith("Sun 10 Jan")
    with page.expect_download() as download:
        page.locator("[data-do=calendar]").click()
    assert download.value.suggested_filename == "two-weeks.ics"
    text = download.value.path().read_bytes().decode()
    assert text.count("BEGIN:VEVENT") == text.count("CLASS:PRIVATE") == 8
    assert "DTSTART;VALUE=DATE:20261228\r\n" in text
    assert "DTSTART;VALUE=DATE:20270110\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    boxes.first.uncheck()
    assert page.locator("[name=pick]:visible:enabled:not(:checked)").count() > 0
    page.locator("[name=start]").fill("")
    assert len(visible_texts(page, ".quiz__days li")) == 8
    page.locator("[name=start]").fill("2026-12-28")
    page.locator("[name=weeks]").select_option("4")
    course = visible_texts(page, ".quiz__days li")
    assert len(course) == 16
    assert course[-1].startswith("Sun 24 Jan")
    titles = [day.split(": ")[0].split(" ", 3)[3] for day in course]
    weeks = [titles[at : at + 4] for at in range(0, 16, 4)]
    assert all(len(set(week[:3])) == 1 for week in weeks)
    assert len({week[0] for week in weeks}) == 2
    with page.expect_download() as download:
        page.locator("[data-do=calendar]").click()
    assert download.value.suggested_filename == "four-weeks.ics"
    assert download.value.path().read_bytes().decode().count("BEGIN:VEVENT") == 16
    page.locator("[name=start]").fill("20266-12-28")
    assert not [day for day in visible_texts(page, ".quiz__days li") if "NaN" in day or "Invalid" in day]
    page.locator("[data-do=edit]").click()
    page.locator("[data-do=result]").click()
    page.locator("self-quiz[data-state=result]").wait_for()
    assert page.locator("[data-slot=plan-made]").is_hidden()
    assert page.locator("[name=pick]:checked").count() == 0


def test_the_result_prints_on_two_sheets(page: Any, served: str) -> None:
    """With its plan, and without the worksheet."""
    page.goto(served + SIGNS)
    to_result(page, answers_of(CALM))
    page.locator(".quiz__section").first.locator("[name=pick]").first.check()
    assert sheets_of(page) == 2
    page.emulate_media(media="print")
    assert (
        page.locator(".quiz__worksheet, .quiz__sum, .quiz__field, self-quiz button:not(.strand__name)")
        .locator("visible=true")
        .count()
        == 0
    )
    assert page.locator(".quiz__days li:visible").count() == 8
    hints = [text for text in visible_texts(page, ".tip__facts > span") if text.startswith("Hear how")]
    assert hints and not [text for text in hints if text.endswith(":")]


# Safety -----------------------------------------------------------------------


@pytest.mark.parametrize(("address", "answers"), [(SIGNS, AFRAID), (WAY, {"w10": "2"})])
def test_the_safety_panel_stands_above_everything(
    page: Any, served: str, address: str, answers: dict[str, str]
) -> None:
    """It is focused, links the guide, and leaves no plan, no comparing, no picking."""
    page.goto(served + address)
    calm = answers_of(CALM) if address == SIGNS else answers_of("w1 1 w2 4 w8 4")
    to_result(page, calm | answers)
    panel = page.locator("[data-slot=safety]")
    assert panel.is_visible()
    assert page.evaluate("document.activeElement.dataset.slot") == "safety"
    assert panel.locator(".quiz__panel-link").get_attribute("href").endswith("/when-it-does-not-feel-safe/")
    assert (
        page.locator("[data-slot=plan], [data-slot=compare], [name=pick]").locator("visible=true").count()
        == 0
    )
    order = page.evaluate(
        "[...document.querySelectorAll('[data-slot=safety], .strand, .quiz__section')]"
        ".filter((e) => e.checkVisibility()).map((e) => e.dataset.slot ?? 'rest')"
    )
    assert order[0] == "safety"
    page.locator("[data-do=edit]").click()
    page.locator("[data-do=change]").nth(6 if address == SIGNS else 9).click()


@pytest.mark.parametrize(("address", "answers"), [(SIGNS, AFRAID), (WAY, {"w10": "2"}), (WAY, {"w10": "3"})])
def test_beside_the_safety_panel_stands_no_advice(
    page: Any, served: str, address: str, answers: dict[str, str]
) -> None:
    """No tip, no first step, no praise, nothing to send on; with other answers all of it is back."""
    page.goto(served + address)
    calm = answers_of(CALM) if address == SIGNS else answers_of("w1 1 w2 4 w8 4")
    to_result(page, (calm if answers != {"w10": "3"} else {}) | answers)
    advice = (
        ".tip, .quiz__first, .quiz__notes, .quiz__tag, .quiz__lead, .quiz__band-text, "
        ".quiz__plan, .quiz__compare"
    )
    assert page.locator(f"{advice}, share-bar").locator("visible=true").count() == 0
    assert page.locator("[data-slot=status]").inner_text() == "Please read this first."
    page.locator("[data-do=edit]").click()
    page.locator("self-quiz[data-state=review]").wait_for()
    assert page.locator("share-bar").is_visible()
    assert page.locator("[data-slot=safety]").is_hidden()


# Comparing --------------------------------------------------------------------


def link_of(page: Any, served: str, answers: dict[str, str]) -> str:
    """Return the link a reader with these answers can make."""
    page.goto(served + SIGNS)
    to_result(page, answers)
    assert page.locator("[name=link]").is_hidden()
    page.locator("[data-do=link]").click()
    link: str = page.locator("[name=link]").input_value()
    return link


def test_two_people_compare(page: Any, served: str) -> None:
    """The second takes the quiz first, then sees both, with prompts where they differ."""
    link = link_of(page, served, answers_of(CALM))
    code = link.partition("#compare=")[2]
    assert re.fullmatch(r"1\.(?:[0-9a-z]{2}){6}\.[0-9a-z]{7}", code)
    page.goto("about:blank")
    page.goto(link)
    assert page.locator("[data-invitation=whole]").is_visible()
    assert page.url == served + SIGNS
    assert page.locator("[data-slot=pair]").is_hidden()
    to_result(page, dict.fromkeys(answers_of(CALM), "3"))
    assert visible_texts(page, "[data-pair=trust] .pair__who") == [
        "You: Growing, 50 of 100",
        "The other person: Growing, 44 of 100",
    ]
    assert page.locator(".pair__prompt:visible").count() == 3
    assert page.locator("[data-slot=offer]").is_hidden()


def test_an_invitation_is_gone_with_the_result_and_back_after_erasing(page: Any, served: str) -> None:
    """It stands above the introduction while it holds, and never above a result."""
    link = link_of(page, served, answers_of(CALM))
    page.goto("about:blank")
    page.goto(link)
    note = page.locator("[data-invitation=whole]")
    assert note.bounding_box()["y"] < page.locator(".entry__lede").bounding_box()["y"]
    to_result(page, answers_of(CALM) | AFRAID)
    assert note.is_hidden()
    page.locator("[data-do=erase]").click()
    assert note.is_visible()
    to_result(page, dict.fromkeys(answers_of(CALM), "3"))
    assert page.locator("[data-slot=pair]").is_visible()


def test_a_link_opened_on_a_result_is_compared_at_once(page: Any, served: str) -> None:
    """Whoever has taken the quiz already need not take it again."""
    link = link_of(page, served, answers_of(CALM))
    page.evaluate("hash => (location.hash = hash)", "compare=" + link.partition("#compare=")[2])
    page.locator("[data-slot=pair]").wait_for()
    assert page.locator("[data-slot=alike]").is_visible()


def test_without_scores_there_is_nothing_to_compare(page: Any, served: str) -> None:
    """No link is offered; and of two pictures without a common score none is called alike."""
    page.goto(served + SIGNS)
    to_result(page, {"es1": "4"})
    assert page.locator("[data-slot=compare]").is_hidden()
    assert page.locator(".quiz__few:visible").count() == 6
    link = link_of(
        page, served, {name: value for name, value in answers_of(CALM).items() if name[:2] == "tr"}
    )
    page.goto("about:blank")
    page.goto(link)
    to_result(page, {name: value for name, value in answers_of(CALM).items() if name[:2] == "oc"})
    assert page.locator("[data-slot=apart]").is_visible()
    assert page.locator("[data-slot=alike]").is_hidden()
    assert page.locator("[data-who=they] meter:visible").count() == 1


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("0.29189e292912.0abcdef", "old"),
        ("2.29189e292912.0abcdef", "old"),
        ("1.29189e292912.0abcdef", "broken"),
        ("1.2918", "broken"),
        ("", "broken"),
        ("1.zzzzzzzzzzzz.0abcdef", "broken"),
        ("<img src=x onerror=alert(1)>", "broken"),
        ("1." + "00" * 500 + ".0abcdef", "broken"),
        ("%00%ff%E0%A4%A", "broken"),
        ("__proto__", "broken"),
    ],
)
def test_a_bad_link_gets_a_kind_word(page: Any, served: str, code: str, note: str) -> None:
    """Old, cut, out of range or hostile: the page says so and goes on as if alone."""
    page.goto(f"{served}{SIGNS}#compare={code}")
    notes = page.locator("[data-invitation]:visible")
    assert [one.get_attribute("data-invitation") for one in notes.all()] == [note]
    to_result(page, answers_of(CALM))
    assert page.locator("[data-slot=pair]").is_hidden()
    assert page.locator("[data-slot=offer]").is_visible()


def test_one_changed_character_breaks_the_link(page: Any, served: str) -> None:
    """The checksum finds any slip in the scores."""
    link = link_of(page, served, answers_of(CALM))
    at = link.index("#compare=1.") + len("#compare=1.")
    for offset in range(12):
        changed = "1" if link[at + offset] != "1" else "0"
        page.goto("about:blank")
        page.goto(link[: at + offset] + changed + link[at + offset + 1 :])
        assert page.locator("[data-invitation=broken]").is_visible()


def test_no_comparing_after_the_safety_panel(page: Any, served: str) -> None:
    """Neither the offer nor the other person's picture."""
    link = link_of(page, served, answers_of(CALM))
    page.goto("about:blank")
    page.goto(link)
    to_result(page, answers_of(CALM) | AFRAID)
    assert page.locator("[data-slot=compare]").is_hidden()
    page.evaluate("document.querySelector('[data-do=link]').click()")
    assert page.locator("[name=link]").input_value() == ""


# For everyone -----------------------------------------------------------------
WHOLE_SWEEP = bool(os.environ.get("EVERY_PAGE"))
IN_THE_DARK = ("error", "review", "result", "safety")
"""States that have every colour between them; with ``EVERY_PAGE=1`` all are looked at in both schemes."""


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_in_any_state(
    chromium: Any, served: str, axe: str, width: int, scheme: str
) -> None:
    """Start, error, mid, review, result with a plan, compare, safety panel.

    And nothing wider than the screen.
    """
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        if scheme == "dark" and not WHOLE_SWEEP and state not in IN_THE_DARK:
            return
        found[state] = faults(page, axe) + (["wider than the screen"] if is_wider_than_screen(page) else [])

    page.goto(served + SIGNS)
    look("start")
    page.locator("[data-slot=next]").click()
    page.locator("#quiz-error:not(:empty)").wait_for()
    look("error")
    page.locator("[name=es1][value='4']").check()
    page.locator("[data-slot=next]").click()
    page.locator("[data-item=es1]:not([data-current])").wait_for(state="attached")
    look("mid")
    page.goto(served + SIGNS)
    walk(page, answers_of(CALM))
    page.locator("self-quiz[data-state=review]").wait_for()
    look("review")
    page.locator("[data-do=result]").click()
    page.locator("[data-late]").first.wait_for(state="detached")
    page.locator(".quiz__section").first.locator("[name=pick]").first.check()
    page.locator("[data-do=link]").click()
    look("result")
    link = page.locator("[name=link]").input_value()
    page.goto("about:blank")
    page.goto(link)
    look("invited")
    to_result(page, dict.fromkeys(answers_of(CALM), "2"))
    page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    look("compare")
    page.goto(served + SIGNS)
    to_result(page, answers_of(CALM) | AFRAID)
    look("safety")
    for address, answers in ((WAY, answers_of("w1 1 w2 4 w8 4")), (LISTEN, {})):
        page.goto(served + address)
        look(f"start {address}")
        to_result(page, answers or {f"l{number}": "2" for number in range(1, 11)})
        look(f"result {address}")
    context.close()
    assert {state: one for state, one in found.items() if one} == {}


@pytest.mark.parametrize(
    ("address", "width", "scheme"),
    [
        (address, *screen)
        for screen in SCREENS
        for address in (SIGNS, WAY, LISTEN)
        if screen[1] == "light" or WHOLE_SWEEP or address == SIGNS
    ],
)
def test_axe_finds_nothing_without_script(
    chromium: Any, served: str, axe: str, address: str, width: int, scheme: str
) -> None:
    """The worksheet as it stands in the page; axe itself is all the script there is."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    context.route("**/*.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(served + address)
    page.add_style_tag(
        content="self-quiz :is([data-worksheet], .quiz__item, .quiz__result) {animation-delay: 0s !important}"
    )
    page.evaluate(
        "Promise.all(document.getAnimations().map(animation => animation.finished)).then(() => true)"
    )
    assert page.locator(".quiz__field:visible").count() == page.locator(".quiz__field").count()
    assert faults(page, axe) == []
    assert not is_wider_than_screen(page)
    context.close()


@pytest.mark.parametrize("address", [SIGNS, WAY, LISTEN])
def test_nothing_jumps(page: Any, served: str, address: str) -> None:
    """No layout shift while the page loads, however late the script comes, or while the reader answers."""
    page.set_viewport_size({"width": 412, "height": 823})
    held: list[Any] = []
    page.route("**/self-quiz.*.js", lambda route: held.append(route))
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) "
        "if (!e.hadRecentInput) window.shift += e.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(served + address, wait_until="commit")
    page.locator(".site-footer").wait_for()
    first = (
        "[...document.querySelectorAll('.quiz__item:first-child :is(legend, label)')].map(e => e.offsetTop)"
    )
    until(page, "() => [...document.querySelectorAll('link[rel=stylesheet]')].every(one => one.sheet)")
    before = page.evaluate(first)
    held[0].continue_()
    page.locator("self-quiz:defined").wait_for()
    settle(page)
    assert page.evaluate(first) == before
    assert page.evaluate("window.shift") == 0
    to_result(page, dict.fromkeys(item_ids(page), "1"))
    settle(page)
    assert page.evaluate("window.shift") < 0.01
