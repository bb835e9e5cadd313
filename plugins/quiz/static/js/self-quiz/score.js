/**
 * Scoring: answers in, result out. The same rules, to the last digit, as
 * plugins/quiz/score.py; tests/quiz/test_parity.py holds the two together.
 * Whole numbers only: fractions are compared by cross-multiplying.
 */

/**
 * @typedef {{id: string, values: number[], points: Record<string, number[]>, choose?: number}} Item
 *   `points`: scale number to the points of each option; `choose`: how many may be chosen at once
 * @typedef {[string, number, number][]} Bands
 * @typedef {{id: string, least: number, part?: number, bands?: Bands}} Scale
 * @typedef {{slug: string, version: number, type: string, unit: string, scales: Scale[],
 *   bands: Bands, items: Item[], atLeast: number, showAtMost: number,
 *   highlights: {atMost: number, evenWithin: number, firstIfLow: string | null} | null,
 *   straightLine: number, safety: [string[], number, number, boolean, boolean][],
 *   factor?: number, missing?: string, rounding?: string, ranked?: string[]}} Quiz
 * @typedef {number | number[] | null | undefined} Answer  one value, or several; skipped is null or absent
 * @typedef {Record<string, Answer>} Answers  by item id
 * @typedef {{points: number, low: number, high: number}} Sum
 * @typedef {Sum & {answered: number, percent: number | null, band: string | null,
 *   moved: [string, number][], over: number}} ScaleResult
 * @typedef {{scales: Record<string, ScaleResult>, safety: boolean, straightLine: boolean, even: boolean,
 *   steady: boolean, starts: string[], strengths: string[], leading: string[], several: boolean,
 *   chosen: string[]}} Result
 */

import { chosen, isStraightLine, needsSafety } from "./flags.js";
import { bandsOf, highlights, leading } from "./highlights.js";

const MOVED_AT_MOST = 3;

/**
 * @param {Quiz} quiz
 * @param {Answers} answers
 * @returns {Result}
 */
export function score(quiz, answers) {
  /** @type {Record<string, ScaleResult>} */
  const scales = {};
  quiz.scales.forEach((scale, number) => {
    scales[scale.id] = scoreScale(quiz, scale, number, answers);
  });
  return {
    scales,
    safety: needsSafety(quiz, answers),
    straightLine: isStraightLine(quiz, answers),
    ...highlights(quiz, scales),
    ...leading(quiz, scales),
  };
}

/**
 * The least and most points of an item, of which several answers may be chosen.
 * @param {number[]} points
 * @param {number} [choose]
 */
function range(points, choose = 1) {
  const sorted = [...points].sort((a, b) => a - b);
  const low = sorted.slice(1, choose).reduce((sum, more) => sum + Math.min(0, more), sorted[0]);
  const high = sorted.slice(-choose, -1).reduce((sum, more) => sum + Math.max(0, more), sorted[sorted.length - 1]);
  return { low, high };
}

/**
 * Add an item to a sum.
 * @param {Sum} sum
 * @param {number} points
 * @param {{low: number, high: number}} span
 */
function add(sum, points, { low, high }) {
  sum.points += points;
  sum.low += low;
  sum.high += high;
}

/**
 * @param {Quiz} quiz
 * @param {Scale} scale
 * @param {number} number
 * @param {Answers} answers
 * @returns {ScaleResult}
 */
function scoreScale(quiz, scale, number, answers) {
  const [given, whole] = [{ points: 0, low: 0, high: 0 }, { points: 0, low: 0, high: 0 }];
  /** @type {[string, number][]} */
  const pulls = [];
  const items = quiz.items.filter((item) => item.points[number]);
  for (const item of items) {
    const points = item.points[number];
    const places = chosen(item, answers[item.id]);
    const span = range(points, item.choose);
    let gained = places.reduce((sum, at) => sum + points[at], 0);
    if (places.length) {
      pulls.push([item.id, 2 * gained - span.low - span.high]);
      add(given, gained, span);
    } else if (quiz.missing === "neutral") gained = (span.low + span.high) / 2;
    add(whole, gained, span);
  }
  const total = counted(quiz, given, whole, items.length, pulls.length);
  return { ...total, answered: pulls.length, moved: strongest(pulls), ...placed(quiz, scale, total, pulls.length) };
}

/**
 * Return the sum that counts, and how many parts of it are one.
 * @param {Quiz} quiz
 * @param {Sum} given
 * @param {Sum} whole
 * @param {number} items
 * @param {number} answered
 */
function counted({ missing, rounding, factor = 1 }, given, whole, items, answered) {
  if (!missing) return { ...given, over: 1 };
  if (missing !== "prorate" || !answered || answered === items) return { ...whole, over: 1 };
  const [points, unit] = [given.points * items, factor * answered];
  if (rounding === "nearest") return { ...whole, points: Math.floor((2 * points + unit) / (2 * unit)) * factor, over: 1 };
  if (rounding === "up") return { ...whole, points: Math.ceil(points / unit) * factor || 0, over: 1 };
  return { points, low: whole.low * answered, high: whole.high * answered, over: answered };
}

/**
 * Return the percent and the band of a sum, if there are answers enough.
 * @param {Quiz} quiz
 * @param {Scale} scale
 * @param {Sum & {over: number}} total
 * @param {number} answered
 */
function placed(quiz, scale, { points, low, high, over }, answered) {
  const span = high - low;
  if (quiz.type === "category" || answered < scale.least || !span) return { percent: null, band: null };
  const gained = points - low;
  const percent = Math.min(Math.max(Math.floor((200 * gained + span) / (2 * span)), 0), 100);
  const [value, unit] = quiz.unit === "percent" ? [100 * (quiz.factor ?? 1) * gained, span] : [points, over];
  const band = bandsOf(quiz, scale).find(([, atLeast, below]) => atLeast * unit <= value && value < below * unit);
  return { percent, band: band ? band[0] : null };
}

/**
 * Return the answers that pull most, in either direction.
 * @param {[string, number][]} pulls
 */
function strongest(pulls) {
  const pulling = pulls.filter(([, pull]) => pull);
  return pulling.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, MOVED_AT_MOST);
}
