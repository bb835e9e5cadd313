/**
 * Shows the strategies that fit what the reader chose: an obstacle, a time, a person.
 * The choice stands in the address, so that it can be shared; it is kept nowhere else.
 */

/**
 * @typedef {{obstacle: string, time: string, for: string}} Choice  empty: anything goes
 * @typedef {{item: HTMLElement, name: HTMLElement, why: HTMLElement}} Reason  with the obstacle's name, or with "Why:" in its place
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
 * Make a reason ready to stand without its obstacle's name.
 * @param {HTMLElement} item
 * @returns {Reason}
 */
function readReason(item) {
  const name = /** @type {HTMLElement} */ (item.querySelector("a"));
  const why = document.createElement("b");
  why.className = "found__why";
  why.textContent = "Why:";
  why.hidden = true;
  name.after(" ", why);
  return { item, name, why };
}

/**
 * Return the query that asks for a choice, with its question mark; nothing if anything goes.
 * @param {Choice} choice
 */
function queryFor(choice) {
  const query = new URLSearchParams(Object.entries(choice).filter(([, value]) => value)).toString();
  return query && `?${query}`;
}

/**
 * Let the share bar pass on the choice too: in the address it shows and copies, and in every link.
 * @param {string} query
 */
function shareWith(query) {
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("share-bar"));
  const shown = bar?.querySelector(".share__url");
  if (!bar || !shown) return;
  const old = bar.dataset.url ?? "";
  const address = old.split("?")[0] + query;
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
  const reasons = [.../** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".found__reason"))];
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
  count = /** @type {HTMLElement} */ (this.querySelector("[role=status]"));
  obstacles = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".finder__obstacle"));
  strategies = [.../** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".found"))].map(readStrategy);

  connectedCallback() {
    this.form.addEventListener("change", () => this.#choose());
    this.form.addEventListener("reset", () => setTimeout(() => this.#choose()));
    this.form.addEventListener("submit", (event) => this.#goToResults(event));
    this.#readAddress();
  }

  /** @returns {Choice} */
  get choice() {
    const data = new FormData(this.form);
    const [obstacle, time, person] = ["obstacle", "time", "for"].map((name) => String(data.get(name) ?? ""));
    return { obstacle, time, for: person };
  }

  /** Take the choice from the address; values that are no option are passed over. */
  #readAddress() {
    for (const [name, value] of new URLSearchParams(location.search)) {
      const key = CSS.escape(name);
      const options = this.form.querySelectorAll(`[name="${key}"] > option, input[name="${key}"]`);
      for (const option of /** @type {NodeListOf<HTMLOptionElement & HTMLInputElement>} */ (options)) {
        if (option.value === value) option.selected = option.checked = true;
      }
    }
    if (location.search) this.#show(this.choice);
  }

  #choose() {
    const choice = this.choice;
    history.replaceState(null, "", location.pathname + queryFor(choice));
    this.#show(choice);
  }

  /** @param {Choice} choice */
  #show(choice) {
    let found = 0;
    for (const strategy of this.strategies) {
      const fitting = fits(strategy, choice);
      strategy.element.hidden = !fitting;
      found += Number(fitting);
      for (const [obstacle, reason] of strategy.reasons) {
        reason.item.hidden = Boolean(choice.obstacle) && obstacle !== choice.obstacle;
        reason.name.hidden = Boolean(choice.obstacle);
        reason.why.hidden = !choice.obstacle;
      }
    }
    for (const item of this.obstacles) {
      item.classList.toggle("finder__obstacle--chosen", item.dataset.obstacle === choice.obstacle);
    }
    this.count.textContent = this.#describe(found, choice);
    shareWith(queryFor(choice));
  }

  /**
   * @param {number} found
   * @param {Choice} choice
   */
  #describe(found, choice) {
    const all = this.strategies.length;
    if (found === all) return `All ${all} strategies, the shortest first.`;
    if (found) return `${found} of ${all} strategies fit${found === 1 ? "s" : ""}.`;
    const longer = this.strategies.filter((strategy) => fits(strategy, { ...choice, time: "" })).length;
    return longer ? `Nothing fits all of that. With any amount of time, ${longer} would.` : "Nothing fits all of that.";
  }

  /** @param {SubmitEvent} event */
  #goToResults(event) {
    event.preventDefault();
    this.#choose();
    /** @type {HTMLElement} */ (this.querySelector("#strategies")).focus();
  }
}

customElements.define("strategy-finder", StrategyFinder);
