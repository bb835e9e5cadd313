/**
 * The search: loads the index when the reader turns to the search field, not before.
 * What is typed stays on this page; it is put neither into the address nor into any store.
 */

import { say } from "./page.js";
import { fetchExactly } from "./site/exactly.js";
import { isAlarming } from "./site-search/danger.js";
import { allowWorker } from "./trusted.js";

/**
 * @typedef {{url: string, title: string}} Part  a heading the words stand under
 * @typedef {{url: string, content: string, excerpt: string, meta: {title: string}, filters: {kind?: string[]}, sub_results: Part[]}} Found
 * @typedef {{id: string, score: number, data: () => Promise<Found>}} Result
 * @typedef {{results: Result[]}} Answer
 * @typedef {{search: (words: string, options: {filters: Record<string, string>}) => Promise<Answer>}} Index
 */

const AT_ONCE = 8;
const PAUSE = 150;
const SHORTCUT = "ct-search-key";

const FULL_STOP = /[.!?…:][”’)]*$/;

/**
 * Return an excerpt with an ellipsis where it starts or stops in the middle of a sentence.
 * @param {string} excerpt  with `<mark>` around the words asked for
 * @param {string} content  the text it was cut from
 */
export function markCuts(excerpt, content) {
  const words = excerpt.replace(/<\/?mark>/g, "").trim();
  const at = content.indexOf(words);
  const before = content.slice(0, Math.max(at, 0)).trim();
  const starts = at < 0 ? /^[“‘(]?[\p{Lu}\p{N}]/u.test(words) : !before || FULL_STOP.test(before);
  const stops = FULL_STOP.test(words);
  return `${starts ? "" : "… "}${excerpt.trim()}${stops ? "" : " …"}`;
}

/**
 * Put an excerpt into an element; its only markup is `<mark>`, the rest is text.
 * @param {HTMLElement} element
 * @param {string} excerpt
 */
export function showExcerpt(element, excerpt) {
  const pieces = excerpt.split(/<mark>(.*?)<\/mark>/s).map((piece) => piece.replaceAll("&lt;", "<").replaceAll("&gt;", ">"));
  element.replaceChildren(...pieces.map((piece, at) => (at % 2 ? make("mark", "", piece) : piece)));
}

/**
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {string} className
 * @param {string} [text]
 */
function make(name, className, text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

/**
 * @param {string} url
 * @param {string} text
 * @param {string} [className]
 */
function makeLink(url, text, className = "") {
  const link = make("a", className, text);
  link.href = url;
  return link;
}

/** @param {Found} found */
function makeResult(found) {
  const item = make("li", "search__result");
  const title = make("h3", "search__title");
  const excerpt = make("p", "search__excerpt");
  title.append(makeLink(found.url, found.meta.title));
  showExcerpt(excerpt, markCuts(found.excerpt, found.content));
  item.append(make("p", "search__kind", found.filters.kind?.[0] ?? ""), title, excerpt);
  const parts = found.sub_results.filter((part) => part.url.includes("#") && part.title !== found.meta.title).slice(0, 2);
  if (parts.length) {
    const places = make("p", "search__parts");
    places.append(...parts.map((part) => makeLink(part.url, part.title, "search__place")));
    item.append(places);
  }
  return item;
}

/**
 * Find the pages that have every word and, if they are few, those that have some of the words.
 * @param {Index} index
 * @param {string} words
 * @param {Record<string, string>} filters
 */
async function findPages(index, words, filters) {
  const exact = (await index.search(words, { filters })).results;
  const single = words.split(/\s+/).filter((word) => word.length > 2);
  if (exact.length >= AT_ONCE || single.length < 2) return { exact, close: [] };
  const known = new Set(exact.map((result) => result.id));
  /** @type {Map<string, Result>} */
  const close = new Map();
  for (const answer of await Promise.all(single.map((word) => index.search(word, { filters })))) {
    for (const { id, score, data } of answer.results) {
      if (!known.has(id)) close.set(id, { id, score: score + (close.get(id)?.score ?? 0), data });
    }
  }
  return { exact, close: [...close.values()].sort((one, other) => other.score - one.score) };
}

export class SiteSearch extends HTMLElement {
  form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
  field = /** @type {HTMLInputElement} */ (this.querySelector("input[type=search]"));
  status = /** @type {HTMLElement} */ (this.querySelector("[role=status]"));
  list = /** @type {HTMLElement} */ (this.querySelector(".search__results"));
  more = /** @type {HTMLElement} */ (this.querySelector(".search__more"));
  alarm = /** @type {HTMLElement} */ (this.querySelector(".search__alarm"));
  /** @type {Promise<Index> | undefined} */
  index;
  /** @type {Result[]} */
  waiting = [];
  question = "";
  asked = 0;
  timer = 0;

  connectedCallback() {
    this.field.addEventListener("focus", () => this.#load(), { once: true });
    this.form.addEventListener("input", () => this.#ask());
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.more.addEventListener("click", () => this.#showMore());
    addEventListener("pageshow", () => this.#ask());
    this.#offerShortcut();
    this.#readAddress();
    if (document.activeElement === this.field) this.#load();
    this.#ask();
  }

  /** Take words out of the address of an old link (`?q=…`), so that a reload does not send them again. */
  #readAddress() {
    const words = new URLSearchParams(location.search).get("q") ?? "";
    this.field.value ||= words.slice(0, this.field.maxLength);
    if (location.search) history.replaceState(null, "", location.pathname + location.hash);
  }

  /** @returns {Promise<Index>} */
  #load() {
    const bundle = this.dataset.bundle ?? "/pagefind/";
    this.index ??= fetchExactly(`${bundle}pagefind.js`, this.dataset.integrity ?? "").then(async (address) => {
      const pagefind = await import(address);
      allowWorker(`${bundle}pagefind-worker.js`);
      return pagefind.createInstance({ excerptLength: 24 });
    });
    return this.index;
  }

  /** Search for what the field holds, once the reader pauses. */
  #ask() {
    const words = this.field.value.trim() ?? "";
    const kind = String(new FormData(this.form).get("kind") ?? "");
    const question = `${kind}:${words}`;
    if (question === this.question || (!words && !this.question)) return;
    this.question = words ? question : "";
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#search(words, kind), words ? PAUSE : 0);
  }

  /**
   * @param {string} words
   * @param {string} kind
   */
  async #search(words, kind) {
    const asked = ++this.asked;
    this.alarm.hidden = !isAlarming(words);
    if (!words) {
      say(this.status, "");
      return this.#show([]);
    }
    try {
      const { exact, close } = await findPages(await this.#load(), words, kind ? { kind } : {});
      if (asked !== this.asked) return;
      this.waiting = [...exact, ...close];
      const first = await this.#take();
      if (asked !== this.asked) return;
      this.#show(first);
      this.#tell(words, exact.length, close.length);
    } catch {
      this.index = undefined;
      this.question = "";
      this.#show([]);
      say(this.status, "failed");
    }
  }

  /** Return the next few results, ready to show. */
  async #take() {
    const next = this.waiting.splice(0, AT_ONCE);
    return (await Promise.all(next.map((result) => result.data()))).map(makeResult);
  }

  /**
   * Show results in place of the list of everything; without any, that list is there again.
   * @param {HTMLElement[]} results
   */
  #show(results) {
    this.classList.toggle("search--asked", results.length > 0);
    this.list.replaceChildren(...results);
    this.more.hidden = !results.length || !this.waiting.length;
  }

  /**
   * Say what was found.
   * @param {string} words
   * @param {number} exact
   * @param {number} close
   */
  #tell(words, exact, close) {
    const pages = (/** @type {number} */ count) => `${count} ${count === 1 ? this.status.dataset.page : this.status.dataset.pages}`;
    if (close) say(this.status, "close", pages(exact), pages(close));
    else if (exact) say(this.status, "found", pages(exact));
    else say(this.status, "none", words);
  }

  async #showMore() {
    const results = await this.#take();
    this.list.append(...results);
    results[0]?.querySelector("a")?.focus();
    this.more.hidden = !this.waiting.length;
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    clearTimeout(this.timer);
    this.question = "";
    this.#ask();
  }

  /** Let the reader switch the "/" key off: one letter alone can be pressed, or spoken, by mistake. */
  #offerShortcut() {
    const box = /** @type {HTMLInputElement | null} */ (this.querySelector(".search__key input"));
    if (!box) return;
    try {
      box.checked = localStorage.getItem(SHORTCUT) !== "off";
      box.addEventListener("change", () => (box.checked ? localStorage.removeItem(SHORTCUT) : localStorage.setItem(SHORTCUT, "off")));
    } catch {
      box.disabled = true;
    }
  }
}

customElements.define("site-search", SiteSearch);
