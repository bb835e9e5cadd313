/**
 * Asks the questions: one at a time, or all on one page.  What is answered is read in given.js.
 */

import { afterPaint, all, copyOf, fill, say, slot } from "../page.js";
import { Given } from "./given.js";

/** In pixels from the top: so far reaches the strip of the quick exit. */
const EDGE = 56;

export class Asking {
  at = 0;
  /** Whether the reader comes from the answers, and goes back there. */
  isChanging = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.form = /** @type {HTMLFormElement} */ (root.querySelector("form"));
    this.items = all(root, "[data-item]");
    this.given = new Given(this.form, this.items);
    this.ids = this.given.ids;
  }

  get isStepping() {
    return this.root.dataset.mode === "step";
  }

  get answers() {
    return this.given.answers;
  }

  /** Bring answers back, and go to the first question that is open. */
  set answers(answers) {
    this.given.answers = answers;
    const open = this.ids.findIndex((id) => this.given.isOpen(id));
    this.at = open < 0 ? this.ids.length - 1 : open;
  }

  /**
   * Return a question and what was answered, in the words of the page.
   * @param {string} id
   */
  said(id) {
    return this.given.said(id);
  }

  /** Return a row for each question: what was said, and a button to change it. */
  rows() {
    const place = slot(this.root, "review") ?? this.root;
    return this.ids.map((id, at) => {
      const row = copyOf(place, "answer", ...this.said(id));
      const button = /** @type {HTMLElement} */ (row.querySelector("button"));
      button.dataset.at = String(at);
      button.setAttribute("aria-label", `${button.textContent}: ${this.said(id)[0]}`);
      return row;
    });
  }

  /**
   * Take up an answer.
   * @param {HTMLInputElement} input
   */
  follow(input) {
    if (!this.isStepping) this.at = this.ids.indexOf(input.name);
    this.#say("error", "");
    if (!this.given.take(input)) this.#refuse("many");
    afterPaint(() => this.#count());
  }

  #count() {
    const given = this.given.count;
    fill(this.root, "count", String(given));
    /** @type {HTMLProgressElement} */ (this.root.querySelector("progress")).value = given;
  }

  /** @param {string} name @param {string} which */
  #say(name, which) {
    say(slot(this.root, name), which);
  }

  draw() {
    this.#count();
    for (const old of all(this.root, "[data-current], [data-next]")) {
      delete old.dataset.current;
      delete old.dataset.next;
    }
    this.items[this.at].dataset.current = "";
    // The next question is laid out while this one is read (see quiz.css).
    afterPaint(() => this.items[this.at + 1]?.setAttribute("data-next", ""));
    slot(this.root, "back")?.toggleAttribute("disabled", !this.at);
    const isLast = !this.isStepping || this.at === this.ids.length - 1;
    this.#say("next", this.isChanging ? "change" : isLast ? "last" : "step");
    this.#say("mode", String(this.root.dataset.mode));
  }

  /** @param {number} at */
  go(at, isChanging = false) {
    this.at = at;
    this.isChanging = isChanging;
    this.#say("error", "");
    // A button of its own for each question: nothing of the last press clings to it.
    const next = slot(this.root, "next");
    next?.replaceWith(next.cloneNode(true));
    this.draw();
    const item = this.items[at];
    const radio = item.querySelector("input:checked") ?? item.querySelector("input");
    /** @type {HTMLElement} */ (radio).focus({ preventScroll: true });
    afterPaint(() => {
      const { top, bottom } = item.getBoundingClientRect();
      if (top < EDGE || bottom > innerHeight) item.scrollIntoView();
    });
  }

  /** Go on to the next question; return whether there is none, and the answers can be looked over. */
  next() {
    if (this.isStepping && this.given.isOpen(this.ids[this.at])) {
      this.items[this.at].querySelector("input")?.focus();
      this.#refuse("choose");
    } else if (this.isStepping && !this.isChanging && this.at < this.ids.length - 1) this.go(this.at + 1);
    else if (Object.values(this.answers).some((value) => value !== null)) return true;
    else this.#refuse("empty");
    return false;
  }

  /**
   * Say what is missing, again if need be, and where it can be seen.
   * @param {string} why
   */
  #refuse(why) {
    this.#say("error", "");
    this.#say("error", why);
    slot(this.root, "error")?.scrollIntoView({ block: "nearest" });
  }

  /** With all questions on one page the way on stands before them, not behind one stop of the Tab key each. */
  switchMode() {
    this.root.dataset.mode = this.isStepping ? "all" : "step";
    slot(this.root, "items")?.[this.isStepping ? "after" : "before"](/** @type {Node} */ (slot(this.root, "steer")));
    this.go(this.at);
  }
}
