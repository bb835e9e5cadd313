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
    const low = Math.min(...points);
    const high = Math.max(...points);
    result.answered += 1;
    result.points += points[at];
    result.low += low;
    result.high += high;
    pulls.push([item.id, 2 * points[at] - low - high]);
  }
  const moved = pulls
    .filter((pull) => pull[1])
    .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    .slice(0, MOVED_AT_MOST);
  const span = result.high - result.low;
  if (quiz.type === "category" || result.answered < scale.least || !span) return { ...result, moved };
  const gained = result.points - result.low;
  const percent = Math.floor((200 * gained + span) / (2 * span));
  const band = scale.part ? null : bandOf(quiz, result.points, gained, span);
  return { ...result, percent, band, moved };
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
 * Compare two exact shares: below 0 if `a` is the lower one.
 * @param {ScaleResult} a
 * @param {ScaleResult} b
 */
function compareShares(a, b) {
  return (a.points - a.low) * (b.high - b.low) - (b.points - b.low) * (a.high - a.low);
}

/**
 * @param {Quiz} quiz
 * @param {Record<string, ScaleResult>} scales
 */
function highlights(quiz, scales) {
  const rules = quiz.highlights;
  const ids = quiz.scales.filter((scale) => !scale.part && scales[scale.id].percent !== null).map((scale) => scale.id);
  /** @type {{even: boolean, steady: boolean, starts: string[], strengths: string[]}} */
  const none = { even: false, steady: false, starts: [], strengths: [] };
  if (!rules || !ids.length) return none;
  const sorted = ids.map((id) => scales[id]).sort(compareShares);
  const lowest = sorted[0];
  const highest = sorted[sorted.length - 1];
  const bands = quiz.bands;
  const steady = ids.every((id) => scales[id].band === bands[bands.length - 1][0]);
  const even =
    ids.length > 1 &&
    100 * compareShares(highest, lowest) <
      rules.evenWithin * (highest.high - highest.low) * (lowest.high - lowest.low);
  let starts = ids.filter((id) => !compareShares(scales[id], lowest));
  let strengths = ids.length > 1 ? ids.filter((id) => !compareShares(scales[id], highest)) : [];
  if (even) [starts, strengths] = [[ids[0]], []];
  if (steady) starts = [];
  const first = rules.firstIfLow;
  if (first && scales[first].band === bands[0][0]) starts = [first, ...starts.filter((id) => id !== first)];
  return { even, steady, starts: starts.slice(0, rules.atMost), strengths: strengths.slice(0, rules.atMost) };
}

/**
 * @param {Quiz} quiz
 * @param {Record<string, ScaleResult>} scales
 */
function leading(quiz, scales) {
  /** @type {string[]} */
  let tied = [];
  if (quiz.type !== "category") return { leading: tied, several: false, chosen: tied };
  const ids = quiz.scales.map((scale) => scale.id);
  const most = Math.max(...ids.map((id) => scales[id].points));
  if (most >= quiz.atLeast) tied = ids.filter((id) => scales[id].points === most);
  return {
    leading: tied.slice(0, quiz.showAtMost),
    several: tied.length > 2,
    chosen: ids.filter((id) => scales[id].points > 0),
  };
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
