/**
 * The reader's choice of colours: for this page, or for every page if the reader asks.
 * site.js applies a remembered choice before the page is painted.
 */

import { say } from "./page.js";

const KEY = "ct-colours";

export class ReaderSettings extends HTMLElement {
  connectedCallback() {
    const remembered = this.read();
    this.choice(remembered ?? "").checked = true;
    this.remember.checked = remembered !== null;
    this.addEventListener("change", () => this.apply());
  }

  /** @returns {HTMLInputElement} */
  get remember() {
    return /** @type {HTMLInputElement} */ (this.querySelector("[type=checkbox]"));
  }

  /**
   * @param {string} colours
   * @returns {HTMLInputElement}
   */
  choice(colours) {
    return /** @type {HTMLInputElement} */ (this.querySelector(`[name="colours"][value="${colours}"]`));
  }

  read() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  /**
   * Keep a choice, or forget it; tell whether that worked.
   * @param {string | null} colours
   */
  write(colours) {
    try {
      if (colours === null) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, colours);
      return true;
    } catch {
      return false;
    }
  }

  apply() {
    const checked = /** @type {HTMLInputElement} */ (this.querySelector('[name="colours"]:checked'));
    if (checked.value) document.documentElement.dataset.colours = checked.value;
    else delete document.documentElement.dataset.colours;
    // A browser that keeps nothing takes the tick back.
    this.remember.checked &&= this.write(checked.value);
    if (!this.remember.checked) this.write(null);
    say(this.querySelector("[role=status]"), this.remember.checked ? "on" : "off");
  }
}

customElements.define("reader-settings", ReaderSettings);
