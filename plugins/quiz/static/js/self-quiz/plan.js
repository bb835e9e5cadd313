/**
 * Makes a plan of the ideas a reader picks, on the page and as a calendar file.
 */

import { afterPaint, all, copyOf, fill, show, slot } from "../page.js";
import { isoDay, makePlan, toCalendar } from "./calendar.js";

const PICKS = 3;

export class Plan {
  /** @type {string[]} slugs of strategies, at most three */
  #picks = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** Offer a plan only where the result has something to put into it. */
  offer() {
    const shown = ":is([data-section], [data-note]):not([hidden]) [name=pick]";
    show(slot(this.root, "plan"), Boolean(this.root.querySelector(shown)));
  }

  /** The boxes are gone with the result they stood in. */
  forget() {
    this.#picks = [];
  }

  /** @param {HTMLInputElement} box */
  take({ value, checked }) {
    this.#picks = this.#picks.filter((slug) => slug !== value);
    if (checked) this.#picks.push(value);
    this.mark();
    afterPaint(() => this.draw());
  }

  /** Mark the picks, and let no more be picked when there are enough. */
  mark() {
    for (const box of /** @type {HTMLInputElement[]} */ (all(this.root, "[name=pick]"))) {
      box.checked = this.#picks.includes(box.value);
      box.disabled = this.#picks.length === PICKS && !box.checked;
    }
  }

  /** How many weeks it takes. */
  get #length() {
    return /** @type {HTMLSelectElement | null} */ (this.root.querySelector("[name=weeks]"))?.selectedOptions[0];
  }

  get #days() {
    const start = /** @type {HTMLInputElement} */ (this.root.querySelector("[name=start]"));
    const tomorrow = new Date();
    tomorrow.setDate(tomorrow.getDate() + 1);
    if (!start.value || !start.validity.valid) start.value = isoDay(tomorrow);
    const picks = this.#picks.map((slug) => {
      const tip = this.root.querySelector(`[name=pick][value="${slug}"]`)?.closest(".tip");
      const [title, step] = [".tip__title", ".tip__step"].map((part) => tip?.querySelector(part)?.textContent ?? "");
      return { title, step };
    });
    const { half = "", week = "", end = "" } = slot(this.root, "days")?.dataset ?? {};
    return makePlan(picks, new Date(`${start.value}T12:00`), { half, week, end }, Number(this.#length?.value));
  }

  draw() {
    const has = this.#picks.length > 0;
    show(slot(this.root, "plan-made"), has);
    if (has) fill(this.root, "days", ...this.#days.map((day) => this.#row(day)));
  }

  /** @param {import("./calendar.js").Day} day */
  #row({ day, title, text }) {
    const date = day.toLocaleDateString(document.documentElement.lang, { weekday: "short", day: "numeric", month: "short" });
    return copyOf(this.root, "day", title + (text && `: ${text}`), date.replace(",", ""));
  }

  save() {
    const text = toCalendar(this.#days, new Date());
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/calendar" }));
    link.download = String(this.#length?.dataset.file);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}
