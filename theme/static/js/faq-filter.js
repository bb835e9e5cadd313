/** The questions, filtered as one types: every word has to stand in the question or its answer. */

import { say } from "./page.js";

export class FaqFilter extends HTMLElement {
  connectedCallback() {
    this.answers = /** @type {HTMLDetailsElement[]} */ ([...this.querySelectorAll(".answer")]);
    this.texts = this.answers.map((answer) => (answer.textContent ?? "").toLowerCase());
    this.field.addEventListener("input", () => this.filter());
    if (this.field.value) this.filter();
  }

  /** @returns {HTMLInputElement} */
  get field() {
    return /** @type {HTMLInputElement} */ (this.querySelector(".filter__input"));
  }

  filter() {
    const words = this.field.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.answers?.forEach((answer, at) => (answer.hidden = !words.every((word) => this.texts?.[at]?.includes(word))));
    for (const group of this.querySelectorAll(".index__group")) {
      /** @type {HTMLElement} */ (group).hidden = !group.querySelector(".answer:not([hidden])");
    }
    this.tell(words.length > 0);
  }

  /** @param {boolean} filtered */
  tell(filtered) {
    const shown = this.answers?.filter((answer) => !answer.hidden).length ?? 0;
    const count = /** @type {HTMLElement} */ (this.querySelector(".filter__count"));
    say(count, filtered ? (shown ? "some" : "none") : "", shown, this.answers?.length ?? 0);
  }
}

customElements.define("faq-filter", FaqFilter);
