/**
 * What is answered: it lives in the form's own radios, and in boxes where several answers may be given.
 */

import { all } from "../page.js";

const SKIP = "skip";

export class Given {
  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement[]} items
   */
  constructor(form, items) {
    this.form = form;
    this.items = new Map(items.map((item) => [String(item.dataset.item), item]));
    this.ids = [...this.items.keys()];
  }

  /** @param {string} id @returns {HTMLElement} */
  #item(id) {
    return /** @type {HTMLElement} */ (this.items.get(id));
  }

  /** @param {string} id @returns {HTMLInputElement[]} */
  #inputs(id) {
    return /** @type {HTMLInputElement[]} */ (all(this.#item(id), "input"));
  }

  /** @param {string} id */
  isOpen(id) {
    return !this.#inputs(id).some((input) => input.checked);
  }

  /** How many questions have an answer. */
  get count() {
    return new Set(new FormData(this.form).keys()).size;
  }

  /** @returns {import("./score.js").Answers} left out on purpose is null, open is absent */
  get answers() {
    const given = new FormData(this.form);
    const ids = [...new Set(given.keys())];
    return Object.fromEntries(ids.map((id) => [id, given.get(id) === SKIP ? null : this.#values(given, id)]));
  }

  /**
   * @param {FormData} given
   * @param {string} id
   */
  #values(given, id) {
    const values = given.getAll(id).map(Number);
    return this.#item(id).dataset.choose ? values : values[0];
  }

  set answers(answers) {
    for (const id of this.ids) {
      const values = answers[id] === null ? [SKIP] : [answers[id]].flat().map(String);
      for (const input of this.#inputs(id)) input.checked = values.includes(input.value);
    }
  }

  /**
   * Return a question and what was answered, in the words of the page.
   * @param {string} id
   */
  said(id) {
    const labels = all(this.#item(id), ":checked + .quiz__label").map((label) => label.textContent);
    return [this.#item(id).querySelector(".quiz__text")?.textContent ?? "", labels.join(" · ") || "–"];
  }

  /**
   * Among several answers "none of these" stands alone, and no more are taken than may be: tell whether this one is.
   * @param {HTMLInputElement} input
   */
  take(input) {
    if (input.type !== "checkbox" || !input.checked) return true;
    const others = this.#inputs(input.name).filter((other) => other.checked && other !== input);
    for (const other of others) if (input.value === SKIP || other.value === SKIP) other.checked = false;
    const isRoom = others.filter((other) => other.checked).length < Number(this.#item(input.name).dataset.choose);
    if (!isRoom) input.checked = false;
    return isRoom;
  }
}
