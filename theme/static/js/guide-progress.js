/**
 * Where one is in a guide, and which steps one has tried.
 * Ticks live in the page; they are kept on the device only while the reader asks for it.
 */

export class GuideProgress extends HTMLElement {
  connectedCallback() {
    this.key = `ct-ticks-${this.dataset.guide}`;
    this.links = /** @type {HTMLAnchorElement[]} */ ([...this.querySelectorAll(".toc__item > a")]);
    this.ticks = /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll(".tick input")]);
    this.watchSections();
    if (!this.ticks.length) return;
    this.restore();
    this.addEventListener("change", () => this.update());
    this.update();
  }

  /** @returns {HTMLInputElement} */
  get remember() {
    return /** @type {HTMLInputElement} */ (this.querySelector(".toc__remember"));
  }

  watchSections() {
    const headings = (this.links ?? []).map((link) => document.getElementById(link.hash.slice(1)));
    const mark = () => {
      const passed = headings.filter((heading) => heading && heading.getBoundingClientRect().top < innerHeight / 3).length;
      this.links?.forEach((link, at) => (at === passed - 1 ? link.setAttribute("aria-current", "location") : link.removeAttribute("aria-current")));
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
      const kept = localStorage.getItem(this.key ?? "");
      if (kept === null) return;
      const done = new Set(kept.split(" "));
      this.remember.checked = true;
      for (const tick of this.ticks ?? []) tick.checked ||= done.has(tick.value);
    } catch {
      this.remember.disabled = true;
    }
  }

  update() {
    const done = (this.ticks ?? []).filter((tick) => tick.checked).map((tick) => tick.value);
    const count = /** @type {HTMLElement} */ (this.querySelector(".toc__count"));
    count.textContent = done.length ? `${done.length} of ${this.ticks?.length} tried` : "";
    for (const link of this.links ?? []) link.parentElement?.classList.toggle("toc__item--done", done.includes(link.hash.slice(1)));
    this.keep(done);
  }

  /** @param {string[]} done */
  keep(done) {
    try {
      if (this.remember.checked) localStorage.setItem(this.key ?? "", done.join(" "));
      else localStorage.removeItem(this.key ?? "");
    } catch {
      this.remember.disabled = true;
    }
  }
}

customElements.define("guide-progress", GuideProgress);
