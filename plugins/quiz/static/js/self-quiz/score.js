/**
 * Scoring: answers in, result out. The same rules, to the last digit, as
 * plugins/quiz/score.py; tests/quiz/test_parity.py holds the two together.
 * Whole numbers only: fractions are compared by cross-multiplying.
 */

/**
 * @typedef {{id: string, values: number[], points: Record<string, number[]>}} Item
 *   `points`: scale number to the points of each option
 * @typedef {{id: string, least: number, part?: number}} Scale
 * @typedef {{slug: string, version: number, type: string, unit: string, scales: Scale[],
 *   bands: [string, number, number][], items: Item[], atLeast: number, showAtMost: number,
 *   highlights: {atMost: number, evenWithin: number, firstIfLow: string | null} | null,
 *   straightLine: number, safety: [string[], number, number, boolean, boolean][]}} Quiz
 * @typedef {Record<string, number | null | undefined>} Answers  item id to value; skipped is null or absent
 * @typedef {{answered: number, points: number, low: number, high: number, percent: number | null,
 *   band: string | null, moved: [string, number][]}} ScaleResult
 * @typedef {{scales: Record<string, ScaleResult>, safety: boolean, straightLine: boolean, even: boolean,
 *   steady: boolean, starts: string[], strengths: string[], leading: string[], several: boolean,
 *   chosen: string[]}} Result
 */

import { highlights, leading } from "./highlights.js";

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
 * @param {Quiz} quiz
 * @param {Scale} scale
 * @param {number} number
 * @param {Answers} answers
 * @returns {ScaleResult}
 */
function scoreScale(quiz, scale, number, answers) {
  const result = { answered: 0, points: 0, low: 0, high: 0, percent: null, band: null };
  /** @type {[string, number][]} */
  const pulls = [];
  for (const item of quiz.items) {
    const points = item.points[number];
    const at = item.values.indexOf(/** @type {number} */ (answers[item.id]));
    if (!points || at < 0) continue;
    const [low, high] = [Math.min(...points), Math.max(...points)];
    result.answered += 1;
    result.points += points[at];
    result.low += low;
    result.high += high;
    pulls.push([item.id, 2 * points[at] - low - high]);
  }
  const moved = strongest(pulls);
  const span = result.high - result.low;
  if (quiz.type === "category" || result.answered < scale.least || !span) return { ...result, moved };
  const gained = result.points - result.low;
  const percent = Math.floor((200 * gained + span) / (2 * span));
  return { ...result, percent, band: scale.part ? null : bandOf(quiz, result.points, gained, span), moved };
}

/**
 * Return the answers that pull most, in either direction.
 * @param {[string, number][]} pulls
 */
function strongest(pulls) {
  const pulling = pulls.filter(([, pull]) => pull);
  return pulling.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, MOVED_AT_MOST);
}

/**
 * @param {Quiz} quiz
 * @param {number} points
 * @param {number} gained
 * @param {number} span
 */
function bandOf(quiz, points, gained, span) {
  const [value, unit] = quiz.unit === "percent" ? [100 * gained, span] : [points, 1];
  const band = quiz.bands.find(([, atLeast, below]) => atLeast * unit <= value && value < below * unit);
  return band ? band[0] : null;
}

/**
 * Flagged answers are counted rule by rule, never added up; an item left out on purpose is null.
 * @param {Quiz} quiz
 * @param {Answers} answers
 */
export function needsSafety(quiz, answers) {
  return quiz.safety.some(
    ([items, value, atLeast, orLower, orSkipped]) =>
      items.filter((id) => {
        const answer = answers[id];
        if (answer == null) return answer === null && orSkipped;
        return orLower ? answer <= value : answer >= value;
      }).length >= atLeast,
  );
}

/**
 * @param {Quiz} quiz
 * @param {Answers} answers
 */
function isStraightLine(quiz, answers) {
  const given = quiz.items
    .filter((item) => Object.keys(item.points).length && item.values.includes(/** @type {number} */ (answers[item.id])))
    .map((item) => answers[item.id]);
  return quiz.straightLine > 0 && given.length >= quiz.straightLine && new Set(given).size === 1;
}
