"""What a quiz page says of itself, in one place; a site puts other words or another language in its place.

A name in braces is a gap that the page or its script fills: whoever replaces a wording keeps all of them, in
any order.  What a quiz asks and answers is in its own file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType

from markupsafe import Markup, escape

from ..problems import Problems, did_you_mean, shown
from ..problems.yaml_data import YamlData

DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        # Told to a screen reader, once it has happened.
        "told_review": "Here are your answers.",
        "told_result": "Your result is ready.",
        "told_safety": "Please read this first.",
        "told_erased": "Your answers are erased.",
        "told_copied": "The link is copied.",
        # The questions.
        "questions": "Questions",
        "questions_done": "Questions done",
        "done": "{count} of {total} done",
        "of_all": "of {total}",
        "up_to": "Up to {count} answers.",
        "as_many": "As many answers as you like.",
        "skip": "Skip",
        "how_points": "Mark one answer for each line. The small number beside it is its points.",
        "how_letters": "Mark one answer for each question. The letter beside it tells what it points to.",
        "how_letters_weighed": "Mark one answer for each question. The letter beside it tells what it "
        "points to; a number beside the letter tells how often to count it.",
        "how_plain": "Mark one answer for each line.",
        "error_choose": "Choose an answer, or the last line to leave this one out.",
        "error_empty": "Nothing is answered yet. Answer a few questions first.",
        "error_many": "No more answers fit here. Take one away first.",
        # Buttons.
        "next": "Next",
        "look_over": "Look over my answers",
        "back": "Back",
        "back_to_answers": "Back to my answers",
        "change": "Change",
        "show_result": "Show what they say",
        "all_on_one": "All on one page",
        "one_at_a_time": "One at a time",
        "print": "Print this",
        "keep": "Keep my answers on this device",
        "erase": "Erase my answers",
        # What is kept.
        "kept": "Your answers are kept on this device, so that you can come back to them. "
        "Anyone who uses it could see them.",
        "not_kept": "Nothing is kept unless you ask for it. "
        "What you keep, anyone who uses this device could see.",
        "cannot_keep": "This browser does not let the page keep anything.",
        "erased": "Your answers are erased. Nothing is kept.",
        # The answers, looked over.
        "review_title": "Your answers",
        "review_hint": "Change any of them, or go on.",
        # The result.
        "add_up_title": "Add it up",
        "result_title": "What your answers say",
        "safety_title": "Please read this first",
        "score": "{points} of {most}",
        "band_and_score": "{band}, {score}",
        "unscored": "Not enough answers",
        "unscored_here": "Not enough answers for a score here.",
        "unscored_all": "Too few lines are answered for a score. Nothing is guessed for those you left out.",
        "unscored_some": "Where too few lines are answered, there is no score. "
        "Nothing is guessed for those you left out.",
        "start": "A place to start",
        "start_at": "A place to start:",
        "strength": "Strongest just now",
        "strength_at": "Strongest just now:",
        "stands_out": "What stands out",
        "why": "Why this",
        "raised": "{question} {answer} raised it",
        "lowered": "{question} {answer} lowered it",
        "unmoved": "Each answer you gave here lies in the middle, so none of them pulls up or down.",
        "one_by_one": "One by one",
        "right": "Right: {answer}",
        "wrong": "The right answer: {answer}",
        # Where a result leads.
        "more": "More on this",
        "what_to_try": "What to try, and why",
        "to_try": "To try:",
        "in_the_way": "If this is in the way:",
        "also": "Also good for this",
        "time": "Time:",
        "first_step": "First step:",
        "told_in": "In the guide “{title}”",
        # A plan.
        "pick": "Put into my plan",
        "plan_title": "A plan for some weeks",
        "plan_hint": "Tick one to three ideas above, under “What to try”. They turn into a small plan here.",
        "plan_start": "First day",
        "plan_length": "How long",
        "plan_two": "Two weeks",
        "plan_four": "Four weeks, one idea at a time",
        "plan_file_two": "two-weeks.ics",
        "plan_file_four": "four-weeks.ics",
        "plan_half": "Half-way: what went well, even a little?",
        "plan_week": "The week is over: what went well, even a little?",
        "plan_end": "Look back together or alone: what do you keep?",
        "plan_save": "Save as a calendar file",
        "plan_private": "The file is made in your browser. "
        "If others can look into your calendar, they can read it there.",
        # Comparing with one other person.
        "invited": "Somebody you know has shared their picture with you. If you want to, take the quiz "
        "first, for yourself. Then you see both side by side. Nothing of yours goes back to them. "
        "If you reload this page, open the link once more.",
        "invited_old": "The link you opened was made with another version of this quiz, so the two pictures "
        "can’t be compared fairly. You can both take it again and make a new link.",
        "invited_broken": "The link you opened is not whole. Perhaps a part of it was lost on the way. "
        "Ask for it again, or take the quiz on its own.",
        "compare_title": "Compare with someone you trust",
        "compare_ask": "If you both want to, you can look at your two pictures side by side. "
        "The other person takes the quiz first. Ask them before you send the link, and let a no be a no.",
        "compare_make": "Make the link",
        "compare_link": "The link",
        "compare_copy": "Copy it",
        "compare_copied": "Copied",
        "compare_neither": "Neither picture is the right one. Each tells how it feels to one of you.",
        "compare_you": "You:",
        "compare_they": "The other person:",
        "compare_prompt": "To talk about:",
        "compare_apart": "There is no line yet for which you both have a score.",
        "compare_alike": "Your pictures look much alike. You could still pick one part and ask each other: "
        "what made you answer as you did?",
        # On paper.
        "sum_lines": "Lines {lines} = {blank} of {most}",
        "sum_all": "All lines = {blank} of {most}",
        "points_range": "{first} to {last}",
        "points_below": "{first} to below {last}",
        "count_letters": "Count how often you marked each letter. {least} or more of one letter point to it. "
        "If two letters tie, look at both; if more do, several things pull at once.",
        "add_up_all": "Add up the points beside your answers.",
        "add_up_parts": "For each part, add up the points beside the answers to its lines.",
        "left_out_zero": "Left one out? It counts nought.",
        "left_out_neutral": "Left one out? It counts as an answer in the middle.",
        "left_out_prorate": "Left some out? Divide your sum by the number of answers you gave, "
        "and multiply it by that of all lines.",
        "left_out": "Left one out? Then the bands no longer fit to the point: take them as a rough guide.",
        "left_out_blank": "Left one out? Then the bands no longer fit to the point: take them as a rough "
        "guide, and leave the score blank with fewer than {count} answers.",
        "left_out_blank_one": "Left one out? Then the bands no longer fit to the point: take them as a rough "
        "guide, and leave the score blank with fewer than {count} answer.",
        "not_by_hand": "Here each answer counts for several lines at once, so adding up by hand takes long. "
        "On a screen, with script, the page does it for you. "
        "On paper, read what the ends of each line mean, and mark where you see yourself.",
        "one": "One",
        "two": "Two",
        "three": "Three",
        "four": "Four",
        "five": "Five",
        # Which answers bring up the panel, for a reader with a pencil.
        "if_answered": "If you answered {answers}:",
        "answered_to": "{answers} to line {lines}",
        "answered_to_each": "{answers} to each of the lines {lines}",
        "answered_to_some": "{answers} to at least {count} of the lines {lines}",
        "quoted": '"{answer}"',
        "either": "{one} or {other}",
        "both": "{one} and {other}",
        "or_else": "{one}, or {other}",
    }
)
"""Every wording, by the name under which a site replaces it."""
_GAP = re.compile(r"\{(\w+)\}")


class Wording(str):
    """One wording: words, and never HTML, whatever they look like.  What fills its gaps may be HTML."""

    __slots__ = ()

    def __call__(self, **values: object) -> Markup:
        """Return it as HTML, its gaps filled."""
        return Markup(_GAP.sub(lambda gap: str(escape(values[gap[1]])), str(escape(str(self)))))  # noqa: S704

    def plain(self, **values: object) -> str:
        """Return it as text, its gaps filled."""
        return _GAP.sub(lambda gap: str(values[gap[1]]), self)

    def joined(self, parts: Iterable[str]) -> str:
        """Return several parts as one, where its gaps are ``one`` and ``other``."""
        return reduce(lambda one, other: self.plain(one=one, other=other), parts)


@dataclass(frozen=True)
class Wordings:
    """Every wording by its name, as an attribute: those of :data:`DEFAULTS`, or what replaces them."""

    replaced: tuple[tuple[str, str], ...] = ()

    def __getattr__(self, name: str) -> Wording:
        if name not in DEFAULTS:
            raise AttributeError(name)
        return Wording(dict(self.replaced).get(name, DEFAULTS[name]))


def read_wordings(given: YamlData, path: str, problems: Problems) -> Wordings:
    """Return the wordings with those that a site replaces, after noting what can't stand in their place."""
    if not isinstance(given.value, Mapping):
        message = f"QUIZ_WORDINGS is {shown(given.value)}, and no mapping of names to words."
        problems.add(path, given.line(()), "wordings", message, 'Write it as {"next": "Weiter"}.')
        return Wordings()
    sound = {
        name: words
        for name, words in given.value.items()
        if _is_sound(name, words, path, given.line((name,)), problems)
    }
    return Wordings(tuple(sound.items()))


def _is_sound(name: object, words: object, path: str, line: int, problems: Problems) -> bool:
    """Tell whether a wording may stand in the place of ours, after noting why not."""
    before = len(problems.found)
    if name not in DEFAULTS:
        message = f"QUIZ_WORDINGS has {shown(name)}, which is no wording."
        problems.add(path, line, "wordings", message, did_you_mean(str(name), DEFAULTS))
    elif not isinstance(words, str) or not words.strip():
        message = f"QUIZ_WORDINGS has {shown(words)} for '{name}'."
        cure = f"Write words, as {shown(DEFAULTS[str(name)])}, or leave it out."
        problems.add(path, line, "wordings", message, cure)
    elif set(_GAP.findall(words)) != (wanted := set(_GAP.findall(DEFAULTS[str(name)]))):
        gaps = " and ".join(f"{{{gap}}}" for gap in sorted(wanted)) or "none"
        message = f"QUIZ_WORDINGS has other gaps for '{name}' than it needs: {shown(words)}."
        problems.add(path, line, "wordings", message, f"Its gaps: {gaps}.")
    return len(problems.found) == before
