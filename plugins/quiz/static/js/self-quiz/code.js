/**
 * The code in a link for comparing: `version.scores.check`, for example `1.1y2338--001y.0k3f9za`.
 * Two base-36 digits a dimension (0 to 100, `--` for no score), and a checksum over the quiz,
 * its version, its dimensions and the scores. No answers, no names.
 */

/** @typedef {import("./score.js").Quiz} Quiz */
/** @typedef {Record<string, number | null>} Scores */

const NONE = "--";
const FULL = 100;
const BASE = 36;

/**
 * @param {Quiz} quiz
 * @param {Scores} scores
 */
export function encode(quiz, scores) {
  const digits = dimensions(quiz).map((id) => scores[id]?.toString(BASE).padStart(2, "0") ?? NONE);
  const payload = digits.join("");
  return `${quiz.version}.${payload}.${checksum(quiz, payload)}`;
}

/**
 * Read a code somebody else made; whatever is odd about it, it is only ever `broken`.
 * @param {Quiz} quiz
 * @param {string} code
 * @returns {{state: "whole" | "old" | "broken", scores?: Scores}}
 */
export function decode(quiz, code) {
  const parts = /^(\d{1,3})\.((?:[0-9a-z]{2}|--){1,30})\.([0-9a-z]{7})$/.exec(code);
  if (!parts) return { state: "broken" };
  if (Number(parts[1]) !== quiz.version) return { state: "old" };
  const ids = dimensions(quiz);
  const digits = parts[2].match(/../g) ?? [];
  if (digits.length !== ids.length || parts[3] !== checksum(quiz, parts[2])) return { state: "broken" };
  const values = digits.map((pair) => (pair === NONE ? null : parseInt(pair, BASE)));
  if (values.some((value) => value !== null && value > FULL)) return { state: "broken" };
  return { state: "whole", scores: Object.fromEntries(ids.map((id, at) => [id, values[at]])) };
}

/** @param {Quiz} quiz */
function dimensions(quiz) {
  return quiz.scales.filter((scale) => !scale.part).map((scale) => scale.id);
}

/**
 * FNV-1a, 32 bits: finds slips and cuts, and is no seal against anybody.
 * @param {Quiz} quiz
 * @param {string} payload
 */
function checksum(quiz, payload) {
  let hash = 0x811c9dc5;
  for (const char of [quiz.slug, quiz.version, ...dimensions(quiz), payload].join("/")) {
    hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash.toString(BASE).padStart(7, "0");
}
