/**
 * Keeps pages for reading without a network.  Runs only for readers who asked for it.
 *
 * One version of the site, one cache.  A file goes into the cache only if its bytes are
 * those that this version's list names, so pages and assets of two versions never mix.  A
 * new version takes over once everything it needs is there, and not before.  Addresses are
 * kept without query and fragment; what is not in the list (the exit page, for one) passes by.
 */

const VERSION = "%VERSION%";
const BASE = "%BASE%";
const FAMILY = `common-thread${BASE}@`;
const CACHE = FAMILY + VERSION;
const LIST = `${BASE}/offline.json`;
const FALLBACK = `${BASE}/offline/`;
const PATIENCE = 3000;
const AT_ONCE = 6;

/** @typedef {{version: string, always: string[], files: Record<string, [string, number]>}} List  path to [hash, bytes] */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("fetch", answer);
worker.addEventListener("message", (event) => event.waitUntil(keepLibrary(event.ports[0])));

/** Fetch all this version needs; whatever was kept of the version before is kept again, as it is now. */
async function install() {
  try {
    const response = await fetch(LIST, { cache: "no-cache" });
    /** @type {List} */
    const list = await response.clone().json();
    if (list.version !== VERSION) throw new Error(`the list is of version ${list.version}`);
    await caches.delete(CACHE);
    const cache = await caches.open(CACHE);
    await keepAll(cache, list, await wanted(list));
    await cache.put(LIST, response);
    await worker.skipWaiting();
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** Name what a fresh cache must hold: the list's "always", the pages now open, and what older versions kept. */
async function wanted(/** @type {List} */ list) {
  const paths = new Set(list.always);
  for (const page of await worker.clients.matchAll({ includeUncontrolled: true })) paths.add(new URL(page.url).pathname);
  for (const { cache, list: old } of await olderVersions()) {
    const kept = (await cache.keys()).map((request) => new URL(request.url).pathname);
    const whole = Object.keys(old.files).every((path) => kept.includes(path));
    for (const path of whole ? Object.keys(list.files) : kept) paths.add(path);
  }
  return [...paths].filter((path) => path in list.files);
}

/** Return every complete cache of another version, with its list. */
async function olderVersions() {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(FAMILY) || name === CACHE) continue;
    const cache = await caches.open(name);
    const list = await readList(cache);
    if (list) found.push({ cache, list });
  }
  return found;
}

/** @returns {Promise<List | undefined>} */
async function readList(/** @type {Cache} */ cache) {
  return (await cache.match(LIST))?.json();
}

/** Keep every path, a few at a time; files that have not changed are copied, the others fetched. */
async function keepAll(/** @type {Cache} */ cache, /** @type {List} */ list, /** @type {string[]} */ paths, report = () => {}) {
  const older = await olderVersions();
  const waiting = [...paths];
  const work = async () => {
    for (let path = waiting.shift(); path; path = waiting.shift()) {
      if (!(await cache.match(path))) {
        const same = older.find((version) => version.list.files[path]?.[0] === list.files[path][0]);
        const copy = await same?.cache.match(path);
        await cache.put(path, copy ?? (await fetchExactly(path, list.files[path][0])));
      }
      report();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Fetch a file; fail if it is not, to the byte, the one the list means. */
async function fetchExactly(/** @type {string} */ path, /** @type {string} */ hash) {
  const response = await fetch(path, { cache: "no-cache" });
  if (!(await isExactly(response, hash))) throw new Error(`${path} is of another version`);
  return response;
}

async function isExactly(/** @type {Response} */ response, /** @type {string} */ hash) {
  if (!response.ok || response.redirected) return false;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer()));
  return [...digest.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("") === hash;
}

/** Serve from now on; the version before stays for pages that are still open, any older one goes. */
async function takeOver() {
  const others = (await caches.keys()).filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  for (const name of others.slice(0, -1)) await caches.delete(name);
  await worker.clients.claim();
}

function answer(/** @type {FetchEvent} */ event) {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(`${BASE}/assets/`)) event.respondWith(keptFirst(event, url.pathname));
  else if (event.request.mode === "navigate") event.respondWith(networkFirst(event, url.pathname, FALLBACK));
  else if (url.pathname.startsWith(`${BASE}/pagefind/`)) event.respondWith(networkFirst(event, url.pathname));
}

/** An asset's name holds the hash of its content, so any kept copy is the right one. */
async function keptFirst(/** @type {FetchEvent} */ event, /** @type {string} */ path) {
  const kept = await caches.match(path);
  if (kept) return kept;
  const response = await fetch(event.request);
  event.waitUntil(remember(path, response.clone()));
  return response;
}

/** The network has three seconds before a kept copy is shown; without one, the reader waits. */
async function networkFirst(/** @type {FetchEvent} */ event, /** @type {string} */ path, fallback = path) {
  const own = { cacheName: CACHE };
  const kept = await caches.match(path, own);
  const fresh = fetch(event.request).then((response) => {
    if (event.request.mode === "navigate") event.waitUntil(remember(path, response.clone()));
    return kept && response.status >= 500 ? kept : response;
  });
  if (!kept) return fresh.catch(async () => (await caches.match(fallback, own)) ?? Response.error());
  const patience = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return /** @type {Promise<Response>} */ (Promise.race([fresh.catch(() => kept), patience]));
}

/**
 * Keep what was just shown; if it is of a newer version, look for the new worker instead.
 * A cache that was erased is not opened again: an empty one would tell that there was one.
 */
async function remember(/** @type {string} */ path, /** @type {Response} */ response) {
  if (!(await caches.has(CACHE))) return;
  const cache = await caches.open(CACHE);
  const entry = (await readList(cache))?.files[path];
  if (!entry) return;
  if (!(await isExactly(response, entry[0]))) await worker.registration.update().catch(() => {});
  else if (!(await cache.match(path))) await cache.put(path, response);
}

/** Keep everything, telling the page how far it is. */
async function keepLibrary(/** @type {MessagePort} */ port) {
  const cache = await caches.open(CACHE);
  const list = await readList(cache);
  try {
    if (!list) throw new Error("there is no list");
    const paths = Object.keys(list.files);
    let done = 0;
    await keepAll(cache, list, paths, () => port.postMessage({ done: ++done, of: paths.length }));
    port.postMessage({ finished: true });
  } catch {
    port.postMessage({ failed: true });
  }
}
