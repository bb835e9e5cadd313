/**
 * Passing a page on: copies its link, opens the reader's own share menu, and copies the links of
 * headings and steps.  What was done is said in the bar's live region.
 */

import { say } from "./page.js";

const SAID_FOR = 6000;

export class ShareBar extends HTMLElement {
  status = /** @type {HTMLElement} */ (this.querySelector("[role=status]"));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** What is passed on; the finder adds its choice to it. */
  get url() {
    return this.dataset.url ?? "";
  }

  /** What the page calls its own link. */
  get what() {
    return /** @type {HTMLElement} */ (this.querySelector("[data-what]")).dataset.what;
  }

  connectedCallback() {
    this.#enable("copy", () => this.copy(this.url, this.what));
    const title = this.dataset.title;
    if ("share" in navigator) this.#enable("menu", () => this.open({ title, url: this.url }, this.what));
  }

  /**
   * @param {string} name
   * @param {() => unknown} act
   */
  #enable(name, act) {
    const button = /** @type {HTMLButtonElement} */ (this.querySelector(`[data-share="${name}"]`));
    button.hidden = false;
    button.onclick = act;
  }

  /**
   * Copy `text`, and say what it was; where copying is not allowed, show the text instead.
   * @param {string} text
   * @param {string} [what]
   */
  async copy(text, what = "") {
    const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    clearTimeout(this.timer);
    if (isCopied) say(this.status, "copied", what);
    else say(this.status, "failed", text);
    this.timer = setTimeout(() => say(this.status, ""), Math.max(SAID_FOR, 80 * (this.status.textContent ?? "").length));
  }

  /**
   * Open the reader's own share menu; closing it again is no fault, and if it does not open the link is copied.
   * @param {ShareData} data
   * @param {string} [what] what is passed on, in words
   */
  async open(data, what) {
    try {
      await navigator.share(data);
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "AbortError") await this.copy(`${data.text ?? ""}\n${data.url}`.trim(), what);
    }
  }
}

customElements.define("share-bar", ShareBar);

/** Return the bar of this page. */
export function shareBar() {
  return /** @type {ShareBar} */ (document.querySelector("share-bar"));
}

/**
 * Copy the link of one heading or step; the browser follows it as well.
 * @param {Element} anchor
 */
export function copyAnchor(anchor) {
  const bar = shareBar();
  const ids = anchor.getAttribute("aria-labelledby")?.split(" ") ?? [];
  const what = anchor.getAttribute("aria-label") ?? ids.map((id) => document.getElementById(id)?.textContent).join(" ");
  bar.copy(bar.url + (anchor.getAttribute("href") ?? ""), what);
}
