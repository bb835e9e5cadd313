/**
 * Loads the script of each element that is on the page, and nothing else.
 * Every element enhances HTML that already works without it.
 */

import { fetchExactly } from "./site/exactly.js";

/**
 * Each script that is loaded when it is needed: all files on the way to it with their integrity, its own last.
 * The build fills this in (plugins/assets/bundle.py), from the names that stand in `load("…")` below.
 * @type {Record<string, [string, string][]>}
 */
const files = {};

/** @type {Record<string, Promise<any>>} */
const loaded = {};

/**
 * Load a script, to the byte the one that this script was built with, and all that it imports; once.
 * @param {string} name
 */
function load(name) {
  return (loaded[name] ??= fetchAll(name).catch((error) => {
    delete loaded[name];
    throw error;
  }));
}

/** @param {string} name */
async function fetchAll(name) {
  const parts = files[name].map(([file, integrity]) => fetchExactly(new URL(file, import.meta.url).href, integrity));
  return import(String((await Promise.all(parts)).pop()));
}

/** @type {Record<string, () => Promise<unknown>>} */
const elements = {
  "site-search": () => load("site-search"),
  "kept-pages": () => load("offline"),
  "strategy-finder": () => load("strategy-finder"),
  "thread-map": () => load("thread-map"),
};

// A remembered choice of colours comes first: this script holds back the first paint (docs/adr/0005-theme-choice.md).
try {
  const colours = localStorage.getItem("ct-colours");
  if (colours) document.documentElement.dataset.colours = colours;
} catch {
  // This browser keeps nothing.
}

/**
 * What waits for the reader: loaded when it is opened, used or scrolled for the first time.
 * @type {[string, string, () => Promise<unknown>][]}
 */
const onUse = [
  ["toggle", ".settings__fold", () => load("reader-settings")],
  ["focusin", ".filter__input", () => load("faq-filter")],
  ["change", ".tick input", () => load("guide-progress")],
  ["toggle", ".voices__fold", () => load("voice-form")],
];

for (const [type, selector, load] of onUse) {
  addEventListener(type, ({ target }) => void (target instanceof Element && target.matches(selector) && load()), true);
}

/** Open the folded answer a link leads to.  Our ids are ASCII, so nothing has to be decoded. */
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  const folded = target?.closest("details");
  if (!folded || folded.open) return;
  folded.open = true;
  target?.scrollIntoView();
}

addEventListener("hashchange", openTarget);

/**
 * Tell whether a key asks for the search: Ctrl+K, or "/" if the reader has not switched it off.
 * @param {KeyboardEvent} event
 */
function asksForSearch(event) {
  if (event.altKey || (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]"))) return false;
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "k" && !event.shiftKey;
  try {
    return event.key === "/" && localStorage.getItem("ct-search-key") !== "off";
  } catch {
    return event.key === "/";
  }
}

addEventListener("keydown", (event) => {
  if (!asksForSearch(event)) return;
  event.preventDefault();
  /** @type {HTMLElement | null} */ (document.querySelector(".search-link"))?.click();
});

// Sharing is loaded when its bar is near, a heading's link is followed or words are selected.
const share = () => load("share-bar");

addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.matches(".anchor")) share().then(({ copyAnchor }) => copyAnchor(target));
});

document.addEventListener("selectionchange", function offerQuote() {
  if (!document.querySelector("share-bar:not([data-careful])") || !getSelection() || getSelection()?.isCollapsed) return;
  document.removeEventListener("selectionchange", offerQuote);
  load("quote-link");
});

/** What needs the whole page: this script runs before there is one. */
function begin() {
  for (const [selector, load] of Object.entries(elements)) if (document.querySelector(selector)) load();
  if (document.querySelector("guide-progress")) {
    addEventListener("scroll", () => load("guide-progress"), { once: true, passive: true });
  }
  const bar = document.querySelector("share-bar");
  if (bar) new IntersectionObserver(([seen]) => seen.isIntersecting && share(), { rootMargin: "40%" }).observe(bar);
  openTarget();
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
else begin();
