/**
 * `<quick-exit>`: leave the page at once, by its link or by pressing Shift three times
 * within five seconds. Without script the link is a plain link.
 *
 * It hides the page, clears what the page kept, and replaces the page in the tab, so that
 * Back does not lead to it. It cannot clear the browser's history.
 */

const PRESSES = 3;
const WITHIN_MS = 5000;
export const PREFIX = "ct-";

/** Remove what the reader's choices have stored in this browser: answers, ticks, colours.  Pages kept offline stay. */
export function forget() {
  for (const name of /** @type {const} */ (["localStorage", "sessionStorage"])) {
    try {
      const store = window[name];
      for (const key of Object.keys(store)) if (key.startsWith(PREFIX)) store.removeItem(key);
    } catch {
      // Storage is off: then nothing was kept either.
    }
  }
}

/**
 * Leave with the whole tab.  A frame that may not move the page around it opens the way out in front, and is empty then.
 * @param {string} address
 */
function goAway(address) {
  try {
    /** @type {Window} */ (top).location.replace(address);
  } catch {
    open(address, "_blank", "noopener");
    location.replace("about:blank");
  }
}

class QuickExit extends HTMLElement {
  /** @type {number[]} */
  #presses = [];
  connectedCallback() {
    this.addEventListener("click", (event) => this.#leave(event));
    document.addEventListener("keydown", (event) => this.#count(event));
  }

  /** @param {KeyboardEvent} event */
  #count(event) {
    if (event.repeat) return;
    if (event.key !== "Shift") {
      this.#presses = [];
      return;
    }
    this.#presses = [...this.#presses, event.timeStamp].slice(-PRESSES);
    if (this.#presses.length === PRESSES && event.timeStamp - this.#presses[0] <= WITHIN_MS) this.#leave(event);
  }

  /** @param {Event} event */
  #leave(event) {
    const link = this.querySelector("a");
    if (!link) return;
    event.preventDefault();
    document.documentElement.hidden = true;
    document.title = "";
    forget();
    for (const form of document.forms) form.reset();
    goAway(link.href);
  }
}

customElements.define("quick-exit", QuickExit);
