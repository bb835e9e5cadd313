/**
 * Passing a page on: copies its link, opens the reader's own share menu, and copies the links of
 * headings and steps.  What was done is said in the bar's live region.
 */

const SAID_FOR = 6000;

export class ShareBar extends HTMLElement {
  status = /** @type {HTMLElement} */ (this.querySelector("[role=status]"));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** What is passed on; the finder adds its choice to it. */
  get url() {
    return this.dataset.url ?? "";
  }

  connectedCallback() {
    this.#enable("copy", () => this.copy(this.url, "Link copied."));
    if ("share" in navigator) this.#enable("menu", () => this.open({ title: this.dataset.title, url: this.url }));
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
   * Copy `text` and say `done`; where copying is not allowed, show the text instead.
   * @param {string} text
   * @param {string} done
   */
  async copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      this.say(done);
    } catch {
      this.say(`This browser won’t let a page copy. Here it is: ${text}`);
    }
  }

  /**
   * Open the reader's own share menu; closing it again is no fault.
   * @param {ShareData} data
   */
  async open(data) {
    try {
      await navigator.share(data);
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "AbortError") this.say("The share menu did not open. “Copy link” works too.");
    }
  }

  /** @param {string} words */
  say(words) {
    clearTimeout(this.timer);
    this.status.textContent = words;
    this.timer = setTimeout(() => (this.status.textContent = ""), Math.max(SAID_FOR, 80 * words.length));
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
  const words = anchor.getAttribute("aria-label") ?? `Link to “${anchor.previousElementSibling?.textContent}”`;
  bar.copy(bar.url + (anchor.getAttribute("href") ?? ""), `${words} copied.`);
}
