/**
 * The map, to be explored: a name that is chosen shows its threads, and the reason for each.
 * Without this script every name is a link to its page.
 */

import { say, words } from "./page.js";

/** @typedef {{thread: SVGPathElement, node: HTMLAnchorElement}} End  a thread and the name at its other end */

/**
 * @param {HTMLAnchorElement} node
 */
function kindOf(node) {
  if (node.classList.contains("map__node--obstacle")) return "obstacle";
  return node.classList.contains("map__node--sign") ? "sign" : "strategy";
}

/**
 * Return why two names are joined, as the list of reasons on the page says it.
 * @param {string} one
 * @param {string} other
 */
function reasonFor(one, other) {
  const place = document.getElementById(`${one}--${other}`) ?? document.getElementById(`${other}--${one}`);
  return place?.querySelector(".reason__because")?.textContent ?? "";
}

export class ThreadMap extends HTMLElement {
  panel = /** @type {HTMLElement} */ (this.querySelector(".map__panel"));
  summary = /** @type {HTMLElement} */ (this.querySelector(".map__summary"));
  /** @type {Map<string, HTMLAnchorElement>} */
  nodes = new Map();
  /** @type {Map<string, End[]>} */
  ends = new Map();
  /** @type {HTMLAnchorElement | null} */
  chosen = null;
  /** @type {HTMLAnchorElement | null} */
  lit = null;

  connectedCallback() {
    /** @type {NodeListOf<HTMLAnchorElement>} */ (this.querySelectorAll(".map__node")).forEach((node) => this.#addNode(node));
    /** @type {NodeListOf<SVGPathElement>} */ (this.querySelectorAll(".map__thread")).forEach((thread) => this.#addThread(thread));
    this.addEventListener("click", (event) => this.#pick(event));
    this.addEventListener("keydown", (event) => this.#press(event));
    for (const type of ["pointerover", "focusin"]) this.addEventListener(type, (event) => this.#light(this.#nodeOf(event)));
    for (const type of ["pointerout", "focusout"]) this.addEventListener(type, () => this.#light(this.chosen));
    this.panel.querySelector("button")?.addEventListener("click", () => this.#clear());
  }

  /** @param {HTMLAnchorElement} node */
  #addNode(node) {
    const name = node.dataset.node ?? "";
    node.setAttribute("role", "button");
    node.setAttribute("aria-pressed", "false");
    this.nodes.set(name, node);
    this.ends.set(name, []);
  }

  /** @param {SVGPathElement} thread */
  #addThread(thread) {
    const { left = "", right = "" } = thread.dataset;
    const [one, other] = [this.nodes.get(left), this.nodes.get(right)];
    if (!one || !other) return;
    this.ends.get(left)?.push({ thread, node: other });
    this.ends.get(right)?.push({ thread, node: one });
  }

  /** @param {Event} event */
  #nodeOf(event) {
    const target = event.target instanceof Element ? event.target.closest(".map__node") : null;
    return /** @type {HTMLAnchorElement | null} */ (target) ?? this.chosen;
  }

  /**
   * Choose the name that was clicked; a click that asks for a new tab stays a link.
   * @param {MouseEvent} event
   */
  #pick(event) {
    const node = event.target instanceof Element ? event.target.closest(".map__node") : null;
    if (!node || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (node === this.chosen) this.#clear();
    else this.#choose(/** @type {HTMLAnchorElement} */ (node));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const node = event.target instanceof HTMLAnchorElement && event.target.dataset.node ? event.target : null;
    if (event.key === "Escape") this.#clear();
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") node.click();
    else if (!this.#move(node, event.key)) return;
    event.preventDefault();
  }

  /**
   * Go up or down in a column, or along the first thread to the column beside it.
   * @param {HTMLAnchorElement} node
   * @param {string} key
   */
  #move(node, key) {
    const across = { ArrowLeft: "right", ArrowRight: "left" }[key];
    const name = node.dataset.node ?? "";
    const item = node.parentElement;
    /** @type {Element | null | undefined} */
    let goal = null;
    if (key === "ArrowDown") goal = item?.nextElementSibling?.firstElementChild;
    else if (key === "ArrowUp") goal = item?.previousElementSibling?.firstElementChild;
    else if (across) goal = this.ends.get(name)?.find(({ thread }) => thread.dataset[across] === name)?.node;
    else return false;
    if (goal instanceof HTMLElement) goal.focus();
    return true;
  }

  /** @param {HTMLAnchorElement | null} node */
  #light(node) {
    if (node === this.lit) return;
    for (const bright of this.querySelectorAll(".map__thread--lit, .map__node--near")) {
      bright.classList.remove("map__thread--lit", "map__node--near");
    }
    this.lit = node;
    this.classList.toggle("map__board--lit", Boolean(node));
    for (const end of this.ends.get(node?.dataset.node ?? "") ?? []) {
      end.thread.classList.add("map__thread--lit");
      end.node.classList.add("map__node--near");
    }
  }

  /** @param {HTMLAnchorElement} node */
  #choose(node) {
    this.chosen?.setAttribute("aria-pressed", "false");
    this.chosen = node;
    node.setAttribute("aria-pressed", "true");
    this.#light(node);
    const name = node.dataset.node ?? "";
    const ends = this.ends.get(name) ?? [];
    const left = ends.filter(({ thread }) => thread.dataset.right === name).length;
    this.#tell(node, left, ends.length - left);
    this.#fill(ends.map((end) => this.#explain(name, end)));
    const link = /** @type {HTMLAnchorElement} */ (this.panel.querySelector(".map__open"));
    link.href = node.href;
    say(link, "read", node.textContent ?? "");
    // The panel may have opened over the name; the page keeps room for it (scroll-padding).
    node.scrollIntoView({ block: "nearest" });
  }

  /**
   * Say to how many a name is joined, on its left and on its right.
   * @param {HTMLAnchorElement} node
   * @param {number} left
   * @param {number} right
   */
  #tell(node, left, right) {
    /** @param {string} kind @param {number} count */
    const many = (kind, count) => words(this.summary, kind + (count === 1 ? "1" : "2"), count);
    const kind = kindOf(node);
    const title = node.textContent ?? "";
    if (kind === "strategy") say(this.summary, kind, title, many("obstacle", left), many("sign", right));
    else say(this.summary, kind, title, many("strategy", left + right));
  }

  /** @param {HTMLElement[]} items */
  #fill(items) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (this.panel.querySelector(name));
    part(".map__links").hidden = !items.length;
    part(".map__found").replaceChildren(...items);
    this.panel.classList.toggle("map__panel--open", items.length > 0);
  }

  /**
   * @param {string} name
   * @param {End} end
   */
  #explain(name, { node }) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const because = document.createElement("span");
    link.className = `link link--${kindOf(node)}`;
    link.href = node.href;
    link.textContent = node.textContent;
    because.className = "reason__because";
    because.textContent = reasonFor(name, node.dataset.node ?? "");
    item.className = "reason";
    item.append(link, " ", because);
    return item;
  }

  #clear() {
    const inside = this.panel.contains(document.activeElement);
    if (inside) this.chosen?.focus();
    this.chosen?.setAttribute("aria-pressed", "false");
    this.chosen = null;
    this.#light(null);
    say(this.summary, "none");
    this.#fill([]);
  }
}

customElements.define("thread-map", ThreadMap);
