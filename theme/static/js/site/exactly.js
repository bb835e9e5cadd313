/**
 * Fetch a module, and fail if it is not, to the byte, the one that is meant: `import()` itself has no place
 * for an integrity, but does not fetch again what is there.  A browser without preloading takes what it gets.
 * @param {string} url
 * @param {string} integrity
 * @returns {Promise<string>} the address, for `import()`
 */
export function fetchExactly(url, integrity) {
  const link = document.createElement("link");
  if (!link.relList.supports("modulepreload")) return Promise.resolve(url);
  return new Promise((resolve, reject) => {
    Object.assign(link, { rel: "modulepreload", integrity, href: url, onload: () => resolve(url), onerror: reject });
    document.head.append(link);
  });
}
