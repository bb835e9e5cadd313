/**
 * Reading offline, on request: keeps the pages the reader opens or the whole library, says how
 * much that is, and removes it all again.  The work itself is done by the service worker.
 */

import { say } from "./page.js";
import { allowWorker } from "./trusted.js";

/** @typedef {{files: Record<string, [string, number]>}} List  path to [hash, bytes] */

/**
 * Return the names of the caches of this site.
 * @param {string} base
 */
async function cacheNames(base) {
  return (await caches.keys()).filter((name) => name.startsWith(`common-thread${base}@`));
}

/**
 * Return the addresses of the pages that are kept.
 * @param {string} base
 */
async function keptPages(base) {
  const newest = (await cacheNames(base)).pop();
  if (!newest) return [];
  const requests = await (await caches.open(newest)).keys();
  return requests.map((request) => new URL(request.url).pathname).filter((path) => path.endsWith("/") && path !== `${base}/offline/`);
}

export class KeepOffline extends HTMLElement {
  base = this.dataset.base ?? "";
  status = /** @type {HTMLElement} */ (this.querySelector("[role=status]"));
  progress = /** @type {HTMLProgressElement} */ (this.querySelector("progress"));
  busy = false;

  connectedCallback() {
    if (!("serviceWorker" in navigator)) return this.#giveUp();
    const work = { visited: () => this.#keepVisited(), library: () => this.#keepLibrary(), nothing: () => this.#remove() };
    for (const [name, start] of Object.entries(work)) this.#button(name).addEventListener("click", () => this.#run(start));
    this.#showSize();
    this.#showState();
  }

  #giveUp() {
    for (const button of this.querySelectorAll("button")) button.disabled = true;
    say(this.status, "impossible");
  }

  /** @param {string} name */
  #button(name) {
    return /** @type {HTMLButtonElement} */ (this.querySelector(`[data-keep="${name}"]`));
  }

  /** Do one thing at a time, and say so if it fails. */
  async #run(/** @type {() => Promise<void>} */ start) {
    if (this.busy) return;
    this.busy = true;
    say(this.status, "busy");
    await start().catch(() => say(this.status, "failed"));
    this.busy = false;
    /** @type {KeptPages | null} */ (this.closest("kept-pages"))?.list();
  }

  get #scope() {
    return `${this.base}/`;
  }

  async #showSize() {
    const response = await fetch(`${this.base}/offline.json`).catch(() => null);
    if (!response?.ok) return;
    /** @type {List} */
    const list = await response.json();
    const bytes = Object.values(list.files).reduce((sum, [, size]) => sum + size, 0);
    say(this.#button("library"), "sized", (bytes / 1e6).toFixed(1));
  }

  async #showState() {
    if (await navigator.serviceWorker.getRegistration(this.#scope)) await this.#tell();
    else this.#button("nothing").hidden = true;
  }

  async #tell() {
    const pages = await keptPages(this.base);
    this.#button("nothing").hidden = false;
    say(this.status, pages.length === 1 ? "one" : "kept", pages.length);
  }

  /** Register the worker, and wait until it has all it needs. */
  async #register() {
    const address = `${this.base}/sw.js`;
    allowWorker(address);
    const registration = await navigator.serviceWorker.register(address, { scope: this.#scope, updateViaCache: "none" });
    const coming = registration.installing;
    if (coming && !registration.active) await untilActive(coming);
    return registration;
  }

  async #keepVisited() {
    await this.#register();
    await this.#tell();
  }

  async #keepLibrary() {
    const { active } = await this.#register();
    const bar = this.progress;
    if (!active) throw new Error("no worker");
    bar.hidden = false;
    try {
      await askFor(active, (done, of) => {
        bar.max = of;
        bar.value = done;
      });
    } finally {
      bar.hidden = true;
    }
    await this.#tell();
  }

  async #remove() {
    const registration = await navigator.serviceWorker.getRegistration(this.#scope);
    await registration?.unregister();
    for (const name of await cacheNames(this.base)) await caches.delete(name);
    this.#button("nothing").hidden = true;
    this.#button("visited").focus();
    say(this.status, "removed");
  }
}

/**
 * Wait until a worker works, or fail if it can't be installed.
 * @param {ServiceWorker} worker
 * @returns {Promise<void>}
 */
function untilActive(worker) {
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("not installed"));
    });
  });
}

/**
 * Ask the worker to keep everything.
 * @param {ServiceWorker} worker
 * @param {(done: number, of: number) => void} report
 * @returns {Promise<void>}
 */
function askFor(worker, report) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => {
      if (data.finished) resolve();
      else if (data.failed) reject(new Error("not kept"));
      else report(data.done, data.of);
    };
    worker.postMessage("keep the library", [port2]);
  });
}

/** The page about it: what is kept, and what to say in place of a page that is not. */
export class KeptPages extends HTMLElement {
  base = this.dataset.base ?? "";

  async connectedCallback() {
    if (location.pathname !== `${this.base}/offline/`) this.#standIn();
    await this.list();
  }

  /** The worker gave this page for another one. */
  #standIn() {
    const heading = /** @type {HTMLElement} */ (this.querySelector("h1"));
    document.title = heading.textContent = String(heading.dataset.missing);
    /** @type {HTMLElement} */ (this.querySelector(".offline__missing")).hidden = false;
    /** @type {HTMLElement} */ (this.querySelector("keep-offline")).hidden = true;
  }

  /** Name the pages that are kept. */
  async list() {
    const part = /** @type {HTMLElement} */ (this.querySelector(".offline__kept"));
    const newest = (await cacheNames(this.base)).pop();
    const cache = newest ? await caches.open(newest) : null;
    const items = (await keptPages(this.base)).sort().map(async (path) => {
      const title = /<title>([^<·]*)/.exec((await (await cache?.match(path))?.text()) ?? "")?.[1].trim();
      const item = document.createElement("li");
      const link = item.appendChild(document.createElement("a"));
      link.href = path;
      link.textContent = title || path;
      return item;
    });
    part.querySelector("ul")?.replaceChildren(...(await Promise.all(items)));
    part.hidden = !items.length;
  }
}

customElements.define("keep-offline", KeepOffline);
customElements.define("kept-pages", KeptPages);
