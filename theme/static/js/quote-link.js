/**
 * Select a sentence, and pass it on with a link that leads to those very words.
 */

import { all } from "./page.js";
import { shareBar } from "./share-bar.js";
import { textFragment, wordEnd, wordStart } from "./text-fragment.js";

const LEAST = 8;
const MOST = 500;

const bar = shareBar();
const box = /** @type {HTMLElement} */ (bar.querySelector(".quote-link"));
const [menu, copy] = all(bar, "[data-share=menu], [data-share=quote]");
copy.onclick = () => bar.copy(`“${quote}”\n${address()}`, copy.dataset.what);
const share = /** @type {HTMLElement} */ (menu.cloneNode(true));
share.onclick = () => bar.open({ text: `“${quote}”`, url: address() }, copy.dataset.what);
if ("share" in navigator) box.append(share);
for (const part of [box, copy, share]) part.hidden = false;
box.remove();
box.addEventListener("pointerdown", (event) => event.preventDefault());

let quote = "";
let fragment = "";
/** @type {number | undefined} */
let waiting;

document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(offer, 250);
});
offer();

/** Show the box after the paragraph that is selected, so that it is the next stop of the Tab key. */
function offer() {
  const selection = getSelection();
  if (box.contains(document.activeElement)) return;
  const range = selection?.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  const block = range && blockOf(range);
  const words = block ? wholeWords(range) : "";
  if (!block || words.length < LEAST || words.length > MOST) return box.remove();
  quote = words.split(/\s+/).join(" ");
  fragment = textFragment(words);
  if (block.nextElementSibling !== box) block.after(box);
}

function address() {
  return `${bar.url}#${fragment}`;
}

/**
 * Return the block of prose in which `range` ends, if all of it is prose.
 * @param {Range} range
 */
function blockOf(range) {
  const whole = elementOf(range.commonAncestorContainer);
  const prose = whole?.closest(".prose");
  let block = elementOf(range.endContainer);
  while (block && prose && block.parentElement && !block.parentElement.matches(".prose, .prose__section")) block = block.parentElement;
  return prose?.contains(block) ? block : null;
}

/** @param {Node} node */
function elementOf(node) {
  return node instanceof Element ? node : node.parentElement;
}

/**
 * Return the words of a range, the first and the last made whole; source numbers are left out.
 * @param {Range} range
 */
function wholeWords(range) {
  const wider = range.cloneRange();
  if (range.startContainer instanceof Text) wider.setStart(range.startContainer, wordStart(range.startContainer.data, range.startOffset));
  if (range.endContainer instanceof Text) wider.setEnd(range.endContainer, wordEnd(range.endContainer.data, range.endOffset));
  const copy = wider.cloneContents();
  for (const extra of copy.querySelectorAll(".cite, .anchor")) extra.remove();
  const blocks = [...copy.querySelectorAll("p, li, h2, h3")].filter((block) => !block.querySelector("p, li"));
  const lines = blocks.length ? blocks.map((block) => block.textContent) : [copy.textContent];
  return lines.map((line) => (line ?? "").replace(/\s+/g, " ").trim()).filter(Boolean).join("\n");
}
