/**
 * Puts a result into the page: shows, fills and sorts what the markup already holds.
 */

/** @typedef {import("./score.js").Quiz} Quiz */
/** @typedef {import("./score.js").Result} Result */
/** @typedef {import("./score.js").ScaleResult} ScaleResult */

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export const all = (root, selector) => [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector))];

/**
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLElement | null}
 */
export const slot = (root, name) => root.querySelector(`[data-slot="${name}"]`);

/**
 * @param {Element | null} element
 * @param {boolean} visible
 */
export function show(element, visible) {
  if (element) /** @type {HTMLElement} */ (element).hidden = !visible;
}

/**
 * Show the notes that hold, among `[data-note]`.
 * @param {ParentNode} root
 * @param {Record<string, boolean>} notes
 */
function showNotes(root, notes) {
  for (const [name, holds] of Object.entries(notes)) show(root.querySelector(`[data-note="${name}"]`), holds);
}

/**
 * @param {HTMLElement} root the quiz
 * @param {Quiz} quiz
 * @param {Result} result
 * @param {(id: string) => {text: string, answer: string}} said what the reader answered to an item
 */
export function showResult(root, quiz, result, said) {
  const isWhole = Object.values(result.scales).every((one) => one.percent !== null);
  show(slot(root, "safety"), result.safety);
  showNotes(root, {
    straight: result.straightLine,
    even: result.even && !result.steady,
    steady: result.steady,
    several: result.several,
    nothing: quiz.type === "category" && !result.leading.length,
    unscored: quiz.type !== "category" && !isWhole,
  });
  for (const section of all(root, "[data-section]")) {
    fillSection(section, quiz, result);
    fillWhy(section, result.scales[String(section.dataset.section)], quiz, said);
  }
  for (const strand of all(root, "[data-strand]")) fillStrand(strand, root, quiz, result);
  for (const line of all(root, "[data-lead]")) {
    const named = result[line.dataset.lead === "start" ? "starts" : "strengths"];
    slot(line, "words")?.append(named.map((id) => root.querySelector(`#result-${id}`)?.textContent).join(", "));
    show(line, named.length > 0);
  }
  sortSections(root, quiz, result);
}

/**
 * @param {HTMLElement} section
 * @param {Quiz} quiz
 * @param {Result} result
 */
function fillSection(section, quiz, result) {
  const id = String(section.dataset.section);
  const one = result.scales[id];
  for (const band of all(section, "[data-band]")) show(band, band.dataset.band === one.band);
  for (const part of all(section, "[data-part]")) {
    const score = result.scales[String(part.dataset.part)];
    slot(part, "words")?.replaceChildren(inWords(section, quiz, score.percent, score) || "–");
  }
  show(section.querySelector(".quiz__few"), quiz.type !== "category" && one.percent === null);
  show(section.querySelector('[data-tag="start"]'), result.starts.includes(id));
  show(section.querySelector('[data-tag="strength"]'), result.strengths.includes(id));
  const route = section.querySelector("details");
  const first = quiz.type === "category" ? result.leading : quiz.highlights ? result.starts : [id];
  if (route) route.open = first.includes(id);
  const shown = result.leading.length ? result.leading : result.chosen;
  show(section, quiz.type !== "category" || shown.includes(id));
}

/**
 * Name the answers that moved a score most, in the reader's own words.
 * @param {HTMLElement} section
 * @param {ScaleResult} one
 * @param {Quiz} quiz
 * @param {(id: string) => {text: string, answer: string}} said
 */
function fillWhy(section, one, quiz, said) {
  const why = section.querySelector("[data-why]");
  const moved = one.moved.filter(([, pull]) => quiz.type !== "category" || pull > 0);
  why?.lastElementChild?.replaceChildren(
    ...moved.map(([id, pull]) => {
      const line = document.createElement("li");
      const { text, answer } = said(id);
      const mark = document.createElement("b");
      mark.append(answer);
      line.append(`${text} `, mark, quiz.type === "category" ? "" : pull > 0 ? " raised it" : " lowered it");
      return line;
    }),
  );
  show(why, moved.length > 0 && (quiz.type === "category" || one.percent !== null));
}

/**
 * @param {HTMLElement} strand
 * @param {HTMLElement} root
 * @param {Quiz} quiz
 * @param {Result} result
 */
function fillStrand(strand, root, quiz, result) {
  const one = result.scales[String(strand.dataset.strand)];
  slot(strand, "words")?.replaceChildren(inWords(root, quiz, one.percent, one) || "Not enough answers");
  strand.querySelector(".strand__thread")?.setAttribute("stroke-dasharray", `${one.percent ?? 0} 200`);
}

/**
 * "Steady, 75 of 100": the band's name first, then the number.
 * @param {HTMLElement} root
 * @param {Quiz} quiz
 * @param {number | null} percent
 * @param {ScaleResult} [one]
 */
export function inWords(root, quiz, percent, one) {
  if (percent === null) return "";
  const found = quiz.bands.find(([, atLeast, below]) => percent >= atLeast && percent < below);
  const id = one ? one.band : found?.[0];
  const title = id && root.querySelector(`[data-band="${id}"] .quiz__band`)?.textContent;
  const number = one && quiz.unit === "points" ? `${one.points} of ${one.high}` : `${percent} of 100`;
  return title ? `${title}, ${number}` : number;
}

/**
 * Places to start first, then the rest in their fixed order.
 * @param {HTMLElement} root
 * @param {Quiz} quiz
 * @param {Result} result
 */
function sortSections(root, quiz, result) {
  const sections = slot(root, "sections");
  const ids = quiz.scales.map((scale) => scale.id);
  const order = [...new Set([...result.starts, ...result.leading, ...ids])];
  const byId = new Map(all(root, "[data-section]").map((section) => [section.dataset.section, section]));
  sections?.append(...order.flatMap((id) => byId.get(id) ?? []));
}
