/**
 * What a result names first: places to start and strengths, or the categories with most points.
 */

/** @typedef {import("./score.js").Quiz} Quiz */
/** @typedef {import("./score.js").ScaleResult} ScaleResult */
/** @typedef {Record<string, ScaleResult>} Scales */

/**
 * Return the bands of a scale: its own, or those of the quiz; a part has only its own.
 * @param {Quiz} quiz
 * @param {import("./score.js").Scale} scale
 */
export const bandsOf = ({ bands }, scale) => scale.bands ?? (scale.part ? [] : bands);

/**
 * Return the ids of some scales, those first that come first where scores tie.
 * @param {Quiz} quiz
 * @param {import("./score.js").Scale[]} scales
 */
function inOrder({ ranked = [] }, scales) {
  const ids = scales.map(({ id }) => id);
  return [...ranked.filter((id) => ids.includes(id)), ...ids.filter((id) => !ranked.includes(id))];
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
 * Tell whether so little lies between two scores that neither stands out.
 * @param {ScaleResult} highest
 * @param {ScaleResult} lowest
 * @param {number} within percent
 */
function isEven(highest, lowest, within) {
  return 100 * compareShares(highest, lowest) < within * (highest.high - highest.low) * (lowest.high - lowest.low);
}

/**
 * @param {Quiz} quiz
 * @param {Scales} scales
 */
export function highlights(quiz, scales) {
  const rules = quiz.highlights;
  const bands = new Map(quiz.scales.map((scale) => [scale.id, bandsOf(quiz, scale).map(([id]) => id)]));
  const ids = inOrder(quiz, quiz.scales.filter((scale) => !scale.part && scales[scale.id].percent !== null));
  /** @type {{even: boolean, steady: boolean, starts: string[], strengths: string[]}} */
  const none = { even: false, steady: false, starts: [], strengths: [] };
  if (!rules || !ids.length) return none;
  const sorted = ids.map((id) => scales[id]).sort(compareShares);
  const [lowest, highest] = [sorted[0], sorted[sorted.length - 1]];
  const steady = ids.every((id) => scales[id].band === bands.get(id)?.at(-1));
  const even = ids.length > 1 && isEven(highest, lowest, rules.evenWithin);
  let starts = even ? [ids[0]] : ids.filter((id) => !compareShares(scales[id], lowest));
  if (steady) starts = [];
  const first = rules.firstIfLow;
  if (first && scales[first].band === bands.get(first)?.[0]) starts = [first, ...starts.filter((id) => id !== first)];
  const strengths = even || ids.length < 2 ? [] : ids.filter((id) => !compareShares(scales[id], highest));
  return { even, steady, starts: starts.slice(0, rules.atMost), strengths: strengths.slice(0, rules.atMost) };
}

/**
 * @param {Quiz} quiz
 * @param {Scales} scales
 */
export function leading(quiz, scales) {
  /** @type {string[]} */
  let tied = [];
  if (quiz.type !== "category") return { leading: tied, several: false, chosen: tied };
  const ids = inOrder(quiz, quiz.scales);
  const most = Math.max(...ids.map((id) => scales[id].points));
  if (most >= quiz.atLeast) tied = ids.filter((id) => scales[id].points === most);
  return {
    leading: tied.slice(0, quiz.showAtMost),
    several: tied.length > 2,
    chosen: quiz.scales.map(({ id }) => id).filter((id) => scales[id].points > 0),
  };
}
