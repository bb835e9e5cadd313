/**
 * Links that point at words: https://wicg.github.io/scroll-to-text-fragment/.
 */

const WHOLE_AT_MOST = 80;
const ENDS = 5;

/**
 * Return the fragment that leads to `words` on their page: all of them if they are few and in one
 * paragraph, else the first and the last few.
 * @param {string} words  as they were selected; a line break stands between two paragraphs
 */
export function textFragment(words) {
  const list = words.split(/\s+/).filter(Boolean);
  if (words.length <= WHOLE_AT_MOST && !/\n/.test(words.trim())) return `:~:text=${encode(list)}`;
  const lines = words.trim().split(/\s*\n\s*/);
  const first = (lines.at(0) ?? "").split(/\s+/).slice(0, ENDS);
  const last = (lines.at(-1) ?? "").split(/\s+/).slice(-ENDS);
  return list.length > 2 * ENDS || lines.length > 1 ? `:~:text=${encode(first)},${encode(last)}` : `:~:text=${encode(list)}`;
}

/**
 * A hyphen has a meaning of its own in the syntax, so it is encoded too.
 * @param {string[]} words
 */
function encode(words) {
  return encodeURIComponent(words.join(" ")).replace(/-/g, "%2D");
}

/**
 * Return where the word begins that holds or precedes `at`, and where the one ends that holds `end`.
 * Text fragments match whole words only.
 * @param {string} text
 * @param {number} at
 */
export function wordStart(text, at) {
  while (at > 0 && /[\p{L}\p{N}’'-]/u.test(text[at - 1]) && /[\p{L}\p{N}]/u.test(text[at] ?? "")) at -= 1;
  return at;
}

/**
 * @param {string} text
 * @param {number} end
 */
export function wordEnd(text, end) {
  while (end < text.length && /[\p{L}\p{N}]/u.test(text[end - 1] ?? "") && /[\p{L}\p{N}’'-]/u.test(text[end])) end += 1;
  return end;
}
