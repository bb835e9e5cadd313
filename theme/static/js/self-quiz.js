/**
 * `<self-quiz>`: walks through a quiz, shows its result, and forgets it.
 *
 * The form works without it, on paper. Answers live in the form's own radios; they are in
 * no request, no address, no title, and in storage only if the reader asks for that.
 */

import { decode, encode } from "./compare-code.js";
import { isoDay, makePlan, toCalendar } from "./plan.js";
import { PREFIX } from "./quick-exit.js";
import { all, inWords, show, showResult, slot } from "./quiz-result.js";
import { score } from "./score.js";

const FRAGMENT = "#compare=";
const PICKS = 3;
const SKIP = "skip";

/** @typedef {import("./score.js").Quiz} Quiz */
/** @typedef {import("./score.js").Result} Result */

/**
 * Larger changes wait for the next frame, so that a press is answered at once on a slow phone.
 * @param {() => void} work
 */
const afterPaint = (work) => requestAnimationFrame(() => setTimeout(work));

class SelfQuiz extends HTMLElement {
  /** @type {Quiz} */
  #quiz = JSON.parse(this.querySelector(".quiz__data")?.textContent ?? "{}");
  #form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
  #items = all(this, "[data-item]");
  #at = 0;
  #isChanging = false;
  #isSaving = false;
  /** @type {string[]} */
  #picks = [];
  /** @type {Result | undefined} */
  #result;
  /** The part of the page for the result, as it was before there was one. @type {Node | undefined} */
  #blank;
  /** What became of a link to compare: "whole", "old", "broken" or nothing. */
  #invitation = "";
  /** @type {Record<string, number | null> | undefined} */
  #other;

  connectedCallback() {
    this.addEventListener("click", (event) => this.#act(event));
    this.addEventListener("change", (event) => this.#change(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#next();
    });
    addEventListener("hashchange", () => this.#readInvitation());
    addEventListener("storage", ({ key, newValue }) => {
      if ((key ?? this.#key) === this.#key && !newValue) this.#setSaving(false);
    });
    this.#readInvitation();
    this.#restore();
    // A browser that remembers fields may have ticked ideas of a plan that is gone.
    this.#setPicks([]);
    this.#draw();
  }

  /** What a press on a button does, by its `data-do`. */
  #actions = {
    back: () => this.#go(this.#at - 1),
    mode: () => this.#switchMode(),
    change: (/** @type {HTMLElement} */ button) => this.#go(Number(button.dataset.at), true),
    edit: () => afterPaint(() => this.#review()),
    see: (/** @type {HTMLElement} */ button) => this.#focus(`#result-${button.dataset.at}`),
    result: () => afterPaint(() => this.#finish()),
    print: () => window.print(),
    save: () => this.#toggleSaving(),
    erase: () => this.#erase(),
    calendar: () => this.#saveCalendar(),
    link: () => this.#makeLink(),
    copy: (/** @type {HTMLElement} */ button) => this.#copyLink(button),
  };

  /** @param {Event} event */
  #act(event) {
    const button = event.target instanceof Element && event.target.closest("button");
    if (!button) return;
    const action = /** @type {Record<string, (button: HTMLElement) => void>} */ (this.#actions)[String(button.dataset.do)];
    action?.(button);
  }

  /** @param {Event} event */
  #change(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.name === "pick") {
      const others = this.#picks.filter((slug) => slug !== input.value);
      this.#setPicks(input.checked ? [...others, input.value] : others);
    } else if (input.name === "start") {
      if (input.value) this.#drawPlan();
    } else {
      if (!this.#isStepping) this.#at = this.#quiz.items.findIndex(({ id }) => id === input.name);
      this.#say("error", "");
      if (this.#isSaving) this.#save();
      this.#count();
    }
  }

  // Answers -----------------------------------------------------------------

  /**
   * The radios of an item; their value is "" while none is checked.
   * @param {string} id
   */
  #radios(id) {
    return /** @type {RadioNodeList} */ (this.#form.elements.namedItem(id));
  }

  /** Item id to value; an item left out on purpose is null, an open one is absent. */
  get #answers() {
    /** @type {Record<string, number | null>} */
    const answers = {};
    for (const { id } of this.#quiz.items) {
      const { value } = this.#radios(id);
      if (value) answers[id] = value === SKIP ? null : Number(value);
    }
    return answers;
  }

  /** @param {string} id */
  #said(id) {
    const item = this.querySelector(`[data-item="${id}"]`);
    const [text, answer] = [".quiz__text", ":checked + .quiz__label"].map(
      (part) => item?.querySelector(part)?.textContent ?? "–",
    );
    return { text, answer };
  }

  // Asking ------------------------------------------------------------------

  get #isStepping() {
    return this.dataset.mode === "step";
  }

  #count() {
    const given = this.#form.querySelectorAll(":checked").length;
    slot(this, "count")?.replaceChildren(String(given));
    /** @type {HTMLProgressElement} */ (this.querySelector("progress")).value = given;
  }

  #draw() {
    this.#count();
    this.#items.forEach((item, at) => {
      item.toggleAttribute("data-current", at === this.#at);
      item.removeAttribute("data-next");
    });
    afterPaint(() => this.#items[this.#at + 1]?.setAttribute("data-next", ""));
    slot(this, "back")?.toggleAttribute("disabled", !this.#at);
    const isLast = !this.#isStepping || this.#at === this.#items.length - 1;
    this.#say("next", this.#isChanging ? "change" : isLast ? "last" : "step");
    this.#say("mode", String(this.dataset.mode));
  }

  /**
   * Let a part of the page say one of its own texts (`data-<which>`), or nothing.
   * @param {string} name
   * @param {string} which
   */
  #say(name, which) {
    const region = slot(this, name);
    const text = which ? String(region?.dataset[which]) : "";
    if (region && region.textContent !== text) region.textContent = text;
  }

  /**
   * Ask one question.
   * @param {number} at
   * @param {boolean} [isChanging] whether the reader comes from the answers, and goes back there
   */
  #go(at, isChanging = false) {
    if (this.dataset.state !== "asking") this.#leave();
    this.dataset.state = "asking";
    this.#at = at;
    this.#isChanging = isChanging;
    this.#say("error", "");
    // A button of its own for each question: nothing of the last press clings to it.
    const next = slot(this, "next");
    next?.replaceWith(next.cloneNode(true));
    this.#draw();
    const item = this.#items[this.#at];
    const radio = item.querySelector("input:checked") ?? item.querySelector("input");
    /** @type {HTMLElement} */ (radio).focus({ preventScroll: true });
    afterPaint(() => {
      const { top, bottom } = item.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight) item.scrollIntoView();
    });
  }

  #next() {
    const isOpen = this.#isStepping && !this.#radios(this.#quiz.items[this.#at].id).value;
    if (isOpen) {
      this.#items[this.#at].querySelector("input")?.focus();
      this.#refuse("choose");
    } else if (this.#isStepping && !this.#isChanging && this.#at < this.#items.length - 1) this.#go(this.#at + 1);
    else if (Object.values(this.#answers).some((value) => value !== null)) afterPaint(() => this.#review());
    else this.#refuse("empty");
  }

  /**
   * Say what is missing, again if need be, and where it can be seen.
   * @param {string} why
   */
  #refuse(why) {
    this.#say("error", "");
    this.#say("error", why);
    slot(this, "error")?.scrollIntoView({ block: "nearest" });
  }

  #switchMode() {
    this.dataset.mode = this.#isStepping ? "all" : "step";
    this.#go(this.#at);
  }

  // Review ------------------------------------------------------------------

  #review() {
    this.#leave();
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector('[data-template="answer"]'));
    const rows = this.#quiz.items.map(({ id }, at) => {
      const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      const { text, answer } = this.#said(id);
      const [words, value, button] = row.querySelectorAll("span, b, button");
      words.append(text);
      value.append(answer);
      button.setAttribute("data-at", String(at));
      button.setAttribute("aria-label", `${button.textContent}: ${text}`);
      return row;
    });
    slot(this, "answers")?.replaceChildren(...rows);
    this.#enter("review", "#quiz-review");
    afterPaint(() => this.dataset.state === "review" && this.#prepare());
  }

  /**
   * Change to a state, tell it, and move the focus to its heading.
   * @param {"review" | "result"} state
   * @param {string} heading
   * @param {string} [told]
   */
  #enter(state, heading, told = state) {
    this.dataset.state = state;
    this.#setSaving(this.#isSaving);
    this.#say("status", told);
    this.#focus(heading);
  }

  /** @param {string} selector */
  #focus(selector) {
    /** @type {HTMLElement} */ (this.querySelector(selector)).focus();
  }

  // Result ------------------------------------------------------------------

  /** Fill in the result, once, while the reader looks over the answers. */
  #prepare() {
    if (this.#result) return this.#result;
    const result = score(this.#quiz, this.#answers);
    this.#result = result;
    this.#blank = slot(this, "result")?.cloneNode(true);
    showResult(this, this.#quiz, result, (id) => this.#said(id));
    const isScored = Object.values(this.#scores).some((percent) => percent !== null);
    show(slot(this, "compare"), isScored && !result.safety);
    this.#drawPair();
    return result;
  }

  #finish() {
    const { safety } = this.#prepare();
    document.body.toggleAttribute("data-safety", safety);
    const sections = all(this, "[data-section]");
    for (const section of sections) section.setAttribute("data-late", "");
    if (safety) this.#enter("result", "[data-slot=safety]", "safety");
    else this.#enter("result", "#quiz-result");
    if (this.#invitation !== "whole") this.#invitation = "";
    this.#showInvitation();
    this.#reveal(sections);
  }

  /**
   * Show the sections of a result one by one, each after the one before is painted.
   * @param {HTMLElement[]} sections
   */
  #reveal([next, ...rest]) {
    if (!next) return;
    afterPaint(() => {
      next.removeAttribute("data-late");
      this.#reveal(rest);
    });
  }

  /** Before the answers change: forget what they made of the page. */
  #leave() {
    if (this.#blank) slot(this, "result")?.replaceWith(this.#blank);
    slot(this, "answers")?.replaceChildren();
    this.#blank = this.#result = undefined;
    this.#picks = [];
    document.body.removeAttribute("data-safety");
  }

  // Plan --------------------------------------------------------------------

  /** @param {string[]} picks slugs of strategies, at most three */
  #setPicks(picks) {
    this.#picks = picks;
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("[name=pick]"))) {
      box.checked = picks.includes(box.value);
      box.disabled = picks.length === PICKS && !box.checked;
    }
    afterPaint(() => this.#drawPlan());
  }

  get #plan() {
    const start = /** @type {HTMLInputElement} */ (this.querySelector("[name=start]"));
    const days = slot(this, "days");
    const now = new Date();
    now.setDate(now.getDate() + 1);
    if (!start.value || !start.validity.valid) start.value = isoDay(now);
    const picks = this.#picks.map((slug) => {
      const tip = this.querySelector(`[name=pick][value="${slug}"]`)?.closest(".tip");
      const [title, step] = [".tip__title", ".tip__step"].map((part) => tip?.querySelector(part)?.textContent ?? "");
      return { title, step };
    });
    const words = { half: String(days?.dataset.half), end: String(days?.dataset.end) };
    return makePlan(picks, new Date(`${start.value}T12:00`), words);
  }

  #drawPlan() {
    const has = this.#picks.length > 0;
    show(slot(this, "plan-made"), has);
    if (!has) return;
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector('[data-template="day"]'));
    const rows = this.#plan.map(({ day, title, text }) => {
      const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      const [date, words] = row.querySelectorAll("b, span");
      const [week, month, number] = day.toDateString().split(" ");
      date.append(`${week} ${Number(number)} ${month}`);
      words.append(title, text && `: ${text}`);
      return row;
    });
    slot(this, "days")?.replaceChildren(...rows);
  }

  #saveCalendar() {
    const text = toCalendar(this.#plan, new Date());
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/calendar" }));
    link.download = "two-weeks.ics";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // Compare -----------------------------------------------------------------

  /** Take the other person's scores out of the address, and the address bar. */
  #readInvitation() {
    if (!location.hash.startsWith(FRAGMENT)) return;
    const found = decode(this.#quiz, location.hash.slice(FRAGMENT.length));
    history.replaceState(null, "", location.pathname + location.search);
    this.#other = found.state === "whole" ? found.scores : undefined;
    this.#invitation = found.state;
    this.#showInvitation();
    if (this.#result) this.#drawPair();
  }

  #showInvitation() {
    const told = this.dataset.state === "result" && this.#other ? "" : this.#invitation;
    for (const note of all(document, "[data-invitation]")) show(note, note.dataset.invitation === told);
  }

  get #scores() {
    const scales = this.#result?.scales ?? {};
    return Object.fromEntries(Object.entries(scales).map(([id, one]) => [id, one.percent]));
  }

  get #link() {
    return /** @type {HTMLInputElement} */ (this.querySelector("[name=link]"));
  }

  #makeLink() {
    if (this.#result?.safety) return;
    this.#link.value = location.origin + location.pathname + FRAGMENT + encode(this.#quiz, this.#scores);
    show(slot(this, "made"), true);
    this.#link.select();
  }

  /** @param {HTMLElement} button */
  #copyLink(button) {
    this.#link.select();
    const say = () => {
      this.#say("status", "copied");
      button.textContent = String(button.dataset.done);
    };
    navigator.clipboard?.writeText(this.#link.value).then(say, () => {});
  }

  #drawPair() {
    const pair = slot(this, "pair");
    show(pair, this.#other !== undefined);
    show(slot(this, "offer"), this.#other === undefined);
    if (!pair || !this.#other) return;
    let both = 0;
    let differ = 0;
    for (const row of all(pair, "[data-pair]")) {
      const id = String(row.dataset.pair);
      const [yours, theirs] = [this.#scores[id], this.#other[id]];
      this.#drawSide(row, "you", yours);
      this.#drawSide(row, "they", theirs);
      const gap = yours === null || theirs === null ? -1 : Math.abs(yours - theirs);
      const isApart = gap >= Number(pair.dataset.differ);
      show(row.querySelector(".pair__prompt"), isApart);
      both += Number(gap >= 0);
      differ += Number(isApart);
    }
    show(slot(this, "alike"), both > 0 && !differ);
    show(slot(this, "apart"), !both);
  }

  /**
   * @param {HTMLElement} row
   * @param {"you" | "they"} who
   * @param {number | null} percent
   */
  #drawSide(row, who, percent) {
    const side = /** @type {HTMLElement} */ (row.querySelector(`[data-who="${who}"]`));
    slot(side, "words")?.replaceChildren(inWords(this, this.#quiz, percent) || "Not enough answers");
    const meter = /** @type {HTMLMeterElement} */ (side.querySelector("meter"));
    meter.value = percent ?? 0;
    show(meter, percent !== null);
  }

  // Keeping, only on request --------------------------------------------------

  get #key() {
    return `${PREFIX}quiz-${this.#quiz.slug}`;
  }

  /** @param {boolean} on */
  #setSaving(on) {
    this.#isSaving = on;
    slot(this, "save")?.setAttribute("aria-pressed", String(on));
    this.#say("saved", on ? "on" : "off");
  }

  #toggleSaving() {
    this.#setSaving(!this.#isSaving);
    this.#save();
  }

  #save() {
    try {
      if (!this.#isSaving) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, JSON.stringify({ version: this.#quiz.version, answers: this.#answers }));
    } catch {
      if (this.#isSaving) {
        this.#setSaving(false);
        this.#say("saved", "failed");
      }
    }
  }

  /** Bring back what the reader chose to keep; what another version of the quiz kept is erased. */
  #restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "null");
      if (kept?.version !== this.#quiz.version) return this.#save();
      for (const { id } of this.#quiz.items) this.#radios(id).value = kept.answers[id] === null ? SKIP : kept.answers[id];
      const open = this.#quiz.items.findIndex(({ id }) => !this.#radios(id).value);
      this.#at = open < 0 ? this.#items.length - 1 : open;
      this.#setSaving(true);
    } catch {
      this.#save();
    }
  }

  #erase() {
    this.#form.reset();
    this.#setSaving(false);
    this.#save();
    this.#go(0);
    this.#showInvitation();
    this.#say("saved", "erased");
    this.#say("status", "erased");
  }
}

customElements.define("self-quiz", SelfQuiz);
