/**
 * `<self-quiz>`: walks through a quiz, shows its result, and forgets it.  The form works without
 * it, on paper. Answers live in the form's own radios; they are in no request, no address, no
 * title, and in storage only if the reader asks for that.
 */

import { afterPaint, all, fill, say, slot } from "./page.js";
import { Asking } from "./self-quiz/asking.js";
import { Compare } from "./self-quiz/compare.js";
import { Keeping } from "./self-quiz/keeping.js";
import { Plan } from "./self-quiz/plan.js";
import { Outcome, reveal } from "./self-quiz/result.js";
import { score } from "./self-quiz/score.js";

class SelfQuiz extends HTMLElement {
  /** @type {import("./self-quiz/score.js").Quiz} */
  #quiz = JSON.parse(this.querySelector(".quiz__data")?.textContent ?? "{}");
  #asking = new Asking(this);
  #keeping = new Keeping(this.#asking, this.#quiz);
  #plan = new Plan(this);
  #compare = new Compare(this, this.#quiz);
  /** @type {import("./self-quiz/score.js").Result | undefined} */
  #result;
  /** The page's part for the result, as it was before there was one. @type {Node | undefined} */
  #blank;

  connectedCallback() {
    this.addEventListener("click", (event) => this.#act(event));
    this.addEventListener("change", (event) => this.#change(event));
    this.#asking.form.addEventListener("submit", (event) => {
      event.preventDefault();
      afterPaint(() => this.#asking.next() && this.#review());
    });
    addEventListener("hashchange", () => this.#compare.readInvitation());
    addEventListener("storage", (event) => this.#keeping.follow(event));
    this.#compare.readInvitation();
    this.#keeping.restore();
    // A browser that remembers fields may have ticked ideas of a plan that is gone.
    this.#plan.mark();
    this.#asking.draw();
  }

  /** What a press on a button does, by its `data-do`. @type {Record<string, (button: HTMLElement) => void>} */
  #actions = {
    back: () => afterPaint(() => this.#asking.go(Math.max(0, this.#asking.at - 1))),
    mode: () => afterPaint(() => this.#asking.switchMode()),
    change: (button) => afterPaint(() => this.#ask(Number(button.dataset.at), true)),
    edit: () => afterPaint(() => this.#review()),
    see: (button) => this.#focus(`#result-${button.dataset.at}`),
    result: () => afterPaint(() => this.#finish()),
    print: () => window.print(),
    save: () => this.#keeping.toggle(),
    erase: () => this.#erase(),
    calendar: () => this.#plan.save(),
    link: () => this.#compare.makeLink(),
    copy: (button) => this.#compare.copyLink(button),
  };

  /** @param {Event} event */
  #act({ target }) {
    const button = target instanceof Element && target.closest("button");
    if (button) this.#actions[String(button.dataset.do)]?.(button);
  }

  /** @param {Event} event */
  #change(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.name === "pick") this.#plan.take(input);
    else if (["start", "weeks"].includes(input.name)) {
      if (input.value) this.#plan.draw();
    } else {
      this.#asking.follow(input);
      if (this.#keeping.isOn) this.#keeping.save();
    }
  }

  /** @param {number} at @param {boolean} [isChanging] */
  #ask(at, isChanging) {
    this.#leave();
    this.dataset.state = "asking";
    this.#asking.go(at, isChanging);
  }

  #review() {
    this.#leave();
    fill(this, "answers", ...this.#asking.rows());
    this.#enter("review", "#quiz-review");
    afterPaint(() => this.dataset.state === "review" && this.#prepare());
  }

  /**
   * Change to a state, tell it, and move the focus to its heading.
   * @param {"review" | "result"} state @param {string} heading @param {string} [told]
   */
  #enter(state, heading, told = state) {
    this.dataset.state = state;
    this.#keeping.set(this.#keeping.isOn);
    say(slot(this, "status"), told);
    this.#focus(heading);
  }

  /** @param {string} selector */
  #focus(selector) {
    /** @type {HTMLElement} */ (this.querySelector(selector)).focus();
  }

  /** Fill in the result, once, while the reader looks over the answers. */
  #prepare() {
    if (this.#result) return this.#result;
    const result = score(this.#quiz, this.#asking.answers);
    this.#result = result;
    this.#blank = slot(this, "result")?.cloneNode(true);
    new Outcome(this, this.#quiz, result, (id) => this.#asking.said(id), this.#asking.answers).show();
    this.#plan.offer();
    this.#compare.result = result;
    return result;
  }

  #finish() {
    const { safety } = this.#prepare();
    document.body.toggleAttribute("data-safety", safety);
    const sections = all(this, "[data-section]");
    for (const section of sections) section.dataset.late = "";
    if (safety) this.#enter("result", "[data-slot=safety]", "safety");
    else this.#enter("result", "#quiz-result");
    this.#compare.showInvitation();
    reveal(sections);
  }

  /** Before the answers change: forget what they made of the page. */
  #leave() {
    if (this.#blank) slot(this, "result")?.replaceWith(this.#blank);
    fill(this, "answers");
    this.#blank = this.#result = this.#compare.result = undefined;
    this.#plan.forget();
    document.body.removeAttribute("data-safety");
  }

  #erase() {
    this.#asking.form.reset();
    this.#keeping.set(false);
    this.#keeping.save();
    this.#ask(0);
    this.#compare.showInvitation();
    for (const name of ["saved", "status"]) say(slot(this, name), "erased");
  }
}

customElements.define("self-quiz", SelfQuiz);
