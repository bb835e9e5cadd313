/**
 * The reader's choice of colours: for this page, or for every page if the reader asks.
 * site.js applies a remembered choice before the page is painted.
 */

const KEY = "ct-colours";
const CHOICES = { "": "As on my device", light: "Light", dark: "Dark" };

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
function make(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** Nothing here works without script, so script makes it. */
function controls() {
  const choices = Object.entries(CHOICES).map(([value, words]) =>
    make("label", { class: "settings__choice" }, make("input", { type: "radio", name: "colours", value }), ` ${words}`),
  );
  const legend = make("legend", { class: "settings__legend" }, "Colours");
  const box = make("input", { type: "checkbox", class: "settings__remember" });
  return [
    make("fieldset", { class: "settings__choices" }, legend, ...choices),
    make("label", { class: "settings__choice" }, box, " Remember this on my device"),
    make("p", { class: "settings__said", role: "status" }),
  ];
}

export class ReaderSettings extends HTMLElement {
  connectedCallback() {
    this.querySelector("details")?.append(...controls());
    const remembered = this.read();
    this.choice(remembered ?? "").checked = true;
    this.remember.checked = remembered !== null;
    this.addEventListener("change", () => this.apply());
  }

  /** @returns {HTMLInputElement} */
  get remember() {
    return /** @type {HTMLInputElement} */ (this.querySelector(".settings__remember"));
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
    const kept = this.write(this.remember.checked ? checked.value : null);
    this.say(kept ? this.remember.checked : null);
  }

  /** @param {boolean | null} remembered  null: this browser keeps nothing */
  say(remembered) {
    const said = /** @type {HTMLElement} */ (this.querySelector(".settings__said"));
    if (remembered === null) said.textContent = "This browser keeps nothing, so the choice is for this page.";
    else said.textContent = remembered ? "Remembered on this device." : "For this page only. Nothing is kept.";
  }
}

customElements.define("reader-settings", ReaderSettings);
