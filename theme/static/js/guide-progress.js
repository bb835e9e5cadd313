/**
 * Where one is in a guide, and which steps one has tried.
 * Ticks live in the page; they are kept on the device only while the reader asks for it.
 */

import { afterPaint, all, say } from "./page.js";

const WIDE = "(min-width: 72rem)";
const PAUSE = 150;

export class GuideProgress extends HTMLElement {
  links = /** @type {HTMLAnchorElement[]} */ (all(this, ".toc__item > a"));
  ticks = /** @type {HTMLInputElement[]} */ (all(this, ".tick input"));
  progress = /** @type {HTMLElement} */ (this.querySelector(".toc__progress"));
  key = `ct-ticks-${this.dataset.guide}`;

  connectedCallback() {
    this.watchSections();
    if (!this.ticks.length) return;
    this.place();
    this.restore();
    this.addEventListener("change", ({ target }) => this.follow(target));
    // A live region has to be there before its words change, or they are not read out.
    setTimeout(() => this.update(), PAUSE);
  }

  get remember() {
    return /** @type {HTMLInputElement} */ (this.progress.querySelector("input"));
  }

  /** Beside the text where there is room; else after it, so that nothing moves under the reader's eyes. */
  place() {
    const side = matchMedia(WIDE).matches ? this.querySelector(".reading__side") : null;
    side?.append(this.progress);
    this.progress.hidden = false;
  }

  watchSections() {
    const headings = this.links.map((link) => document.getElementById(link.hash.slice(1)));
    const mark = () => {
      const passed = headings.filter((heading) => heading && heading.getBoundingClientRect().top < innerHeight / 3).length;
      this.links.forEach((link, at) => {
        link.parentElement?.classList.toggle("toc__item--passed", at < passed - 1);
        if (at === passed - 1) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      });
    };
    let waiting = false;
    const later = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    };
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later, { passive: true });
    mark();
  }

  restore() {
    try {
      const kept = localStorage.getItem(this.key);
      if (kept === null) return;
      const done = new Set(kept.split(" "));
      this.remember.checked = true;
      for (const tick of this.ticks) tick.checked ||= done.has(tick.value);
    } catch {
      this.remember.disabled = true;
    }
  }

  /**
   * A tick is painted first, what follows from it after that; what is kept changes at once.
   * @param {EventTarget | null} box
   */
  follow(box) {
    if (box === this.remember) this.update();
    else afterPaint(() => this.update());
  }

  update() {
    const done = this.ticks.filter((tick) => tick.checked).map((tick) => tick.value);
    say(this.progress.querySelector("span"), done.length ? "tried" : "", done.length, this.ticks.length);
    for (const link of this.links) link.parentElement?.classList.toggle("toc__item--done", done.includes(link.hash.slice(1)));
    this.keep(done);
  }

  /** @param {string[]} done */
  keep(done) {
    try {
      if (this.remember.checked) localStorage.setItem(this.key, done.join(" "));
      else localStorage.removeItem(this.key);
    } catch {
      this.remember.disabled = true;
    }
  }
}

customElements.define("guide-progress", GuideProgress);
