/**
 * Trusted Types: the one policy of the site.  It lets the address of a worker through that
 * one of our own scripts has named before, and refuses every other, as it does all markup
 * and code.  "default" is its name because Pagefind's script knows nothing of policies.
 */

/** @typedef {{createPolicy: (name: string, rules: {createScriptURL: (url: string) => string | null}) => unknown}} Factory */

/** @type {Set<string>} */
const allowed = new Set();

/**
 * Let a worker be started from an address of this site.
 * @param {string} url
 */
export function allowWorker(url) {
  const factory = /** @type {{trustedTypes?: Factory}} */ (/** @type {unknown} */ (window)).trustedTypes;
  if (!allowed.size) factory?.createPolicy("default", { createScriptURL: (address) => (allowed.has(address) ? address : null) });
  allowed.add(url);
}
