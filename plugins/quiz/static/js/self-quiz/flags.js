/**
 * What answers say beside their points: which count at all, whether one needs care, whether all are the same.
 */

/** @typedef {import("./score.js").Quiz} Quiz */
/** @typedef {import("./score.js").Item} Item */
/** @typedef {import("./score.js").Answer} Answer */
/** @typedef {import("./score.js").Answers} Answers */

/**
 * Return the places of the options that an answer names: none if it is skipped, or names what can't be chosen.
 * @param {Item} item
 * @param {Answer} answer
 */
export function chosen({ values, choose = 1 }, answer) {
  const given = Array.isArray(answer) ? answer : [answer];
  const places = new Set(given.map((value) => values.indexOf(/** @type {number} */ (value))));
  return places.has(-1) || places.size < given.length || given.length > choose ? [] : [...places];
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
        return [answer].flat().some((one) => (orLower ? one <= value : one >= value));
      }).length >= atLeast,
  );
}

/**
 * @param {Quiz} quiz
 * @param {Answers} answers
 */
export function isStraightLine(quiz, answers) {
  const given = quiz.items
    .filter((item) => Object.keys(item.points).length && !item.choose && chosen(item, answers[item.id]).length)
    .map((item) => String(answers[item.id]));
  return quiz.straightLine > 0 && given.length >= quiz.straightLine && new Set(given).size === 1;
}
