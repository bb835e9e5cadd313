/**
 * Loads the script of each element that is on the page, and nothing else.
 * Every element enhances HTML that already works without it.
 */

/** @type {Record<string, () => Promise<unknown>>} */
const elements = {
  "site-search": () => import("./site-search.js"),
  "kept-pages": () => import("./offline.js"),
  "strategy-finder": () => import("./strategy-finder.js"),
  "thread-map": () => import("./thread-map.js"),
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
  ["toggle", ".settings__fold", () => import("./reader-settings.js")],
  ["focusin", ".filter__input", () => import("./faq-filter.js")],
  ["change", ".tick input", () => import("./guide-progress.js")],
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
const share = () => import("./share-bar.js");

addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.matches(".anchor")) share().then(({ copyAnchor }) => copyAnchor(target));
});

document.addEventListener("selectionchange", function load() {
  if (!document.querySelector("share-bar:not([data-careful])") || !getSelection() || getSelection()?.isCollapsed) return;
  document.removeEventListener("selectionchange", load);
  import("./quote-link.js");
});

/** What needs the whole page: this script runs before there is one. */
function begin() {
  for (const [selector, load] of Object.entries(elements)) if (document.querySelector(selector)) load();
  if (document.querySelector("guide-progress")) {
    addEventListener("scroll", () => import("./guide-progress.js"), { once: true, passive: true });
  }
  const bar = document.querySelector("share-bar");
  if (bar) new IntersectionObserver(([seen]) => seen.isIntersecting && share(), { rootMargin: "40%" }).observe(bar);
  openTarget();
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
else begin();
