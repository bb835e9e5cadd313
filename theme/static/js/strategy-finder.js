/**
 * Shows the strategies that fit what the reader chose: an obstacle, a time, a person.
 * The choice stands in the address, behind the `#`, so that it can be shared and is never sent; it is kept nowhere else.
 */

import { afterPaint, all, say } from "./page.js";

/**
 * @typedef {{obstacle: string, time: string, for: string}} Choice  empty: anything goes
 * @typedef {{item: HTMLElement, name: HTMLElement, why: HTMLElement}} Reason  with the obstacle's name, or with "why" in its place
 * @typedef {{element: HTMLElement, minutes: number, fits: string[], reasons: Map<string, Reason>}} Strategy
 */

/**
 * Tell whether a strategy fits a choice.
 * @param {Strategy} strategy
 * @param {Choice} choice
 */
function fits(strategy, choice) {
  return (
    (!choice.obstacle || strategy.reasons.has(choice.obstacle)) &&
    (!choice.time || strategy.minutes <= Number(choice.time)) &&
    (!choice.for || strategy.fits.includes(choice.for))
  );
}

/**
 * @param {HTMLElement} item
 * @returns {Reason}
 */
function readReason(item) {
  const [name, why] = all(item, "a, .found__why");
  return { item, name, why };
}

/**
 * Return the fragment that asks for a choice, with its `#`; nothing if anything goes.
 * @param {Choice} choice
 */
function fragmentFor(choice) {
  const asked = new URLSearchParams(Object.entries(choice).filter(([, value]) => value)).toString();
  return asked && `#${asked}`;
}

/**
 * Let the share bar pass on the choice too: in the address it shows and copies, and in every link.
 * @param {string} fragment
 */
function shareWith(fragment) {
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("share-bar"));
  const shown = bar?.querySelector(".share__url");
  if (!bar || !shown) return;
  const old = bar.dataset.url ?? "";
  const address = old.split("#")[0] + fragment;
  bar.dataset.url = shown.textContent = address;
  for (const link of bar.querySelectorAll(".share__link")) {
    link.setAttribute("href", (link.getAttribute("href") ?? "").replace(encodeURIComponent(old), encodeURIComponent(address)));
  }
}

/**
 * Read a strategy off its place in the list.
 * @param {HTMLElement} element
 * @returns {Strategy}
 */
function readStrategy(element) {
  const reasons = all(element, ".found__reason");
  return {
    element,
    minutes: Number(element.dataset.minutes),
    fits: (element.dataset.fits ?? "").split(" "),
    reasons: new Map(reasons.map((reason) => [reason.dataset.obstacle ?? "", readReason(reason)])),
  };
}

/** The page's filter: it hides what does not fit, and says how many do. */
export class StrategyFinder extends HTMLElement {
  form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
  count = /** @type {HTMLElement} */ (this.querySelector(".finder__count"));
  found = /** @type {HTMLElement} */ (this.querySelector(".finder__found"));
  picked = /** @type {HTMLElement} */ (this.querySelector(".finder__obstacles"));
  obstacles = all(this, ".finder__obstacle");
  strategies = all(this, ".found").map(readStrategy);
  /** Whether the list is about to follow a choice. */
  #isDue = false;

  connectedCallback() {
    this.form.addEventListener("change", () => this.#choose());
    this.form.addEventListener("reset", () => setTimeout(() => this.#choose()));
    this.form.addEventListener("submit", (event) => this.#goToResults(event));
    this.querySelector("[href='#strategies']")?.addEventListener("click", (event) => this.#goToResults(event));
    addEventListener("hashchange", () => this.#readAddress());
    // What was chosen while this script was on its way goes before what the address says.
    if (fragmentFor(this.choice)) this.#show();
    else this.#readAddress();
  }

  /** @returns {Choice} */
  get choice() {
    const data = new FormData(this.form);
    const [obstacle, time, person] = ["obstacle", "time", "for"].map((name) => String(data.get(name) ?? ""));
    return { obstacle, time, for: person };
  }

  /** Take the choice from the address, from its query in links of old; values that are no option are passed over. */
  #readAddress() {
    const asked = new URLSearchParams(location.search || location.hash.slice(1));
    const names = Object.keys(this.choice);
    if (!names.some((name) => asked.has(name))) return;
    for (const name of names) {
      this.#pick(name, "");
      this.#pick(name, asked.get(name) ?? "");
    }
    this.#show();
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  #pick(name, value) {
    const options = this.form.querySelectorAll(`[name="${name}"] > option, input[name="${name}"]`);
    for (const option of /** @type {NodeListOf<HTMLOptionElement & HTMLInputElement>} */ (options)) {
      if (option.value === value) option.selected = option.checked = true;
    }
  }

  /** What was pressed is painted first; the list follows, once for all presses until then. */
  #choose() {
    this.found.setAttribute("aria-busy", "true");
    if (this.#isDue) return;
    this.#isDue = true;
    afterPaint(() => this.#show());
  }

  #show() {
    this.#isDue = false;
    this.found.setAttribute("aria-busy", "true");
    const choice = this.choice;
    const fragment = fragmentFor(choice);
    if (location.search + location.hash !== fragment) history.replaceState(null, "", location.pathname + fragment);
    for (const strategy of this.strategies) this.#fit(strategy, choice);
    for (const item of this.obstacles) item.hidden = item.dataset.obstacle !== choice.obstacle;
    this.picked.classList.toggle("finder__obstacles--chosen", this.obstacles.some((item) => !item.hidden));
    // It is said anew even if it is as much as before, since others may fit now.
    say(this.count, "");
    afterPaint(() => this.#isDue || this.#tell(choice, fragment));
  }

  /**
   * @param {Strategy} strategy
   * @param {Choice} choice
   */
  #fit(strategy, choice) {
    strategy.element.hidden = !fits(strategy, choice);
    if (strategy.element.hidden) return;
    for (const [obstacle, { item, name, why }] of strategy.reasons) {
      item.hidden = Boolean(choice.obstacle) && obstacle !== choice.obstacle;
      name.hidden = Boolean(choice.obstacle);
      why.hidden = !choice.obstacle;
    }
  }

  /**
   * Say how many fit, and pass the choice on.
   * @param {Choice} choice
   * @param {string} fragment
   */
  #tell(choice, fragment) {
    const count = this.strategies.length;
    const fitting = this.strategies.filter(({ element }) => !element.hidden).length;
    const longer = this.strategies.filter((strategy) => fits(strategy, { ...choice, time: "" })).length;
    if (fitting === count) say(this.count, "all", count);
    else if (fitting > 1) say(this.count, "some", fitting, count);
    else if (fitting) say(this.count, "one", count);
    else say(this.count, longer ? "longer" : "none", longer);
    shareWith(fragment);
    this.found.removeAttribute("aria-busy");
  }

  /** @param {Event} event */
  #goToResults(event) {
    event.preventDefault();
    this.#choose();
    /** @type {HTMLElement} */ (this.querySelector("#strategies")).focus();
  }
}

customElements.define("strategy-finder", StrategyFinder);
