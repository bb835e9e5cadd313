/**
 * Keeps answers on this device, only if the reader asks for it.
 */

import { say, slot } from "../page.js";

export class Keeping {
  isOn = false;

  /**
   * @param {import("./asking.js").Asking} asking
   * @param {import("./score.js").Quiz} quiz
   */
  constructor(asking, { slug, version }) {
    this.asking = asking;
    this.root = asking.root;
    this.version = version;
    this.key = `${this.root.dataset.keep ?? ""}quiz-${slug}`;
  }

  /** @param {boolean} isOn */
  set(isOn) {
    this.isOn = isOn;
    slot(this.root, "save")?.setAttribute("aria-pressed", String(isOn));
    say(slot(this.root, "saved"), isOn ? "on" : "off");
  }

  toggle() {
    this.set(!this.isOn);
    this.save();
  }

  /** Where the page offers it: not in a frame of another site. */
  get #may() {
    return Boolean(slot(this.root, "save"));
  }

  save() {
    if (!this.#may) return;
    const { version, asking, key } = this;
    try {
      if (!this.isOn) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ version, answers: asking.answers }));
    } catch {
      if (!this.isOn) return;
      this.set(false);
      say(slot(this.root, "saved"), "failed");
    }
  }

  /** Bring back what the reader chose to keep; what another version of the quiz kept is erased. */
  restore() {
    if (!this.#may) return;
    try {
      const { version, answers } = JSON.parse(localStorage.getItem(this.key) ?? "");
      if (version !== this.version) return this.save();
      this.asking.answers = answers;
      this.set(true);
    } catch {
      this.save();
    }
  }

  /**
   * Stop keeping where another tab has erased it.
   * @param {StorageEvent} event
   */
  follow({ key, newValue }) {
    if ((key ?? this.key) === this.key && !newValue) this.set(false);
  }
}
