/**
 * A score in words.
 */

import { words } from "../page.js";
import { bandsOf } from "./highlights.js";

/** @typedef {import("./score.js").Quiz} Quiz */
/** @typedef {import("./score.js").ScaleResult} ScaleResult */

const MOST = 100;

/**
 * "Steady, 75 of 100": the band's name first, then the number.
 * @param {HTMLElement | null} place the part of the page for the result, and no more: it is searched again and again
 * @param {Quiz} quiz
 * @param {string} id the scale
 * @param {number | null} percent
 * @param {ScaleResult} [one] without it, any score from 0 to 100
 */
export function inWords(place, quiz, id, percent, one) {
  if (percent === null) return words(place, "unscored");
  const scale = quiz.scales.find((other) => other.id === id);
  const fine = percent * (quiz.factor ?? 1);
  const bands = scale ? bandsOf(quiz, scale) : [];
  const band = one ? one.band : bands.find(([, atLeast, below]) => fine >= atLeast && fine < below)?.[0];
  const section = place?.querySelector(`[data-part="${id}"], [data-section="${id}"]`);
  const title = band && section?.querySelector(`[data-band="${band}"] .quiz__band`)?.textContent;
  const [points, most] = one && quiz.unit === "points" ? inPoints(quiz, one) : [percent, MOST];
  const score = words(place, "score", points, most);
  return title ? words(place, "banded", title, score) : score;
}

/**
 * Return points, and the most of them, as an editor writes them.
 * @param {Quiz} quiz
 * @param {ScaleResult} one
 */
const inPoints = ({ factor = 1 }, { points, high, over }) =>
  [points, high].map((value) => Number((value / (factor * over)).toFixed(2)));
