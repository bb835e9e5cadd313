/**
 * Where one is in a guide, and which steps one has tried.
 * Ticks live in the page; they are kept on the device only while the reader asks for it.
 */

const WIDE = "(min-width: 72rem)";
const PAUSE = 150;

/**
 * Make what works only with script: the count of what was tried, and the choice to keep the ticks.
 */
function makeProgress() {
  const part = document.createElement("div");
  const count = document.createElement("span");
  const label = document.createElement("label");
  const remember = document.createElement("input");
  part.className = "toc__progress";
  count.className = "toc__count";
  count.setAttribute("role", "status");
  label.className = "toc__keep";
  remember.className = "toc__remember";
  remember.type = "checkbox";
  label.append(remember, " Keep my ticks on this device");
  part.append(count, label);
  return { part, count, remember };
}

export class GuideProgress extends HTMLElement {
  progress = makeProgress();

  connectedCallback() {
    this.key = `ct-ticks-${this.dataset.guide}`;
    this.links = /** @type {HTMLAnchorElement[]} */ ([...this.querySelectorAll(".toc__item > a")]);
    this.ticks = /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll(".tick input")]);
    this.watchSections();
    if (!this.ticks.length) return;
    this.place();
    this.restore();
    this.addEventListener("change", () => this.update());
    // A live region has to be there before its words change, or they are not read out.
    setTimeout(() => this.update(), PAUSE);
  }

  get remember() {
    return this.progress.remember;
  }

  /** Beside the text where there is room; else after it, so that nothing moves under the reader's eyes. */
  place() {
    const side = matchMedia(WIDE).matches ? this.querySelector(".reading__side") : null;
    (side ?? this).append(this.progress.part);
  }

  watchSections() {
    const headings = (this.links ?? []).map((link) => document.getElementById(link.hash.slice(1)));
    const mark = () => {
      const passed = headings.filter((heading) => heading && heading.getBoundingClientRect().top < innerHeight / 3).length;
      this.links?.forEach((link, at) => {
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
    this.progress.count.textContent = done.length ? `${done.length} of ${this.ticks?.length} tried` : "";
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
