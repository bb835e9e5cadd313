// What the preview adds to a page, put in by its server as the page is sent: problems, drafts, a menu.
// It lives in a shadow tree beside the page, so that neither changes how the other looks.

/** @typedef {{path: string, line: number, rule: string, message: string, cure: string, warning: boolean, href: string}} Problem */
/** @typedef {{url: string, title: string, status: string, shown: boolean}} Held */
/**
 * @typedef {object} State
 * @property {string} print what the page is now
 * @property {boolean} building
 * @property {boolean} fresh whether what is shown is what the files say
 * @property {boolean} with_held whether drafts and scheduled entries are shown
 * @property {Problem[]} problems
 * @property {Held[]} held
 * @property {{status: "draft" | "scheduled" | "", shown: boolean, path: string, href: string}} page
 * @property {{prefix: string, label: string}[]} extras
 */

const script = /** @type {HTMLScriptElement} */ (document.currentScript);
const printed = script.dataset.print;
const DISMISSED = "preview-dismissed";

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const host = make("div", { lang: "en-GB", dir: "ltr", "data-preview": "" });
const root = host.attachShadow({ mode: "open" });
const ribbon = make("p", { class: "ribbon", role: "note", hidden: "" });
const said = make("p", { class: "said", role: "status" });
const button = make("button", { type: "button", class: "bar", "aria-expanded": "false", "aria-controls": "panel" });
const panel = make("section", { id: "panel", "aria-label": "Preview", tabindex: "-1", hidden: "" });
root.append(make("link", { rel: "stylesheet", href: "/_preview/overlay.css" }), ribbon, said, button, panel);

/** @param {boolean} open */
function show(open) {
  panel.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
}

/** @param {number} count @param {string} word */
function counted(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** @param {Problem} problem */
function item(problem) {
  const place = make("a", { href: problem.href }, `${problem.path}:${problem.line}`);
  const rule = make("code", {}, problem.rule);
  return make("li", {}, place, " ", rule, make("p", {}, problem.message), make("p", { class: "cure" }, problem.cure));
}

/** @param {string} heading @param {Node[]} items */
function list(heading, items) {
  return items.length ? [make("h2", {}, heading), make("ul", {}, ...items)] : [];
}

/** @param {State} state @param {WebSocket} line */
function choice(state, line) {
  const control = make("button", { type: "button", role: "switch", "aria-checked": String(!state.with_held) }, "As published");
  control.addEventListener("click", () => line.send(JSON.stringify({ with_held: !state.with_held })));
  return make("p", {}, control, " Leave out drafts and what is scheduled.");
}

/** @param {State} state @param {WebSocket} line */
function fill(state, line) {
  const focused = root.activeElement?.getAttribute("role") === "switch";
  const errors = state.problems.filter((problem) => !problem.warning);
  const close = make("button", { type: "button", class: "close" }, "Close");
  close.addEventListener("click", leave);
  const advice = state.problems.filter((problem) => problem.warning);
  const own = advice.filter((problem) => problem.path === state.page.path);
  const others = advice.filter((problem) => problem.path !== state.page.path);
  const held = state.held.map((one) =>
    make("li", {}, one.shown ? make("a", { href: one.url }, one.title) : one.title, ` (${one.status}${one.shown ? "" : ", not shown"})`),
  );
  panel.replaceChildren(
    close,
    ...list(counted(errors.length, "problem"), errors.map(item)),
    ...(errors.length && !state.fresh ? [make("p", {}, "Until they are mended, what was good last is shown.")] : []),
    ...list(`${counted(own.length, "thing")} to mend on this page`, own.map(item)),
    choice(state, line),
    ...list("More", [
      ...(state.page.path ? [make("li", {}, make("a", { href: state.page.href }, `Edit ${state.page.path}`))] : []),
      ...state.extras.map((extra) => make("li", {}, make("a", { href: extra.prefix }, extra.label))),
    ]),
    ...list("Held back", held),
    ...list(`${counted(others.length, "thing")} to mend elsewhere, some day`, others.map(item)),
  );
  if (focused) /** @type {HTMLElement | null} */ (panel.querySelector("[role=switch]"))?.focus();
  return errors;
}

/** @param {State} state */
function ribbon_words({ page, with_held }) {
  if (!page.status) return "";
  const named = page.status === "draft" ? "Draft" : "Scheduled";
  if (page.shown) return page.status === "draft" ? "Draft: not published" : "Scheduled: not published yet";
  return with_held ? `${named}: shown once its problems are mended` : `${named}: left out, as published`;
}

/** @param {State} state @param {WebSocket} line */
function update(state, line) {
  if (state.print !== printed) {
    location.reload();
    return;
  }
  const errors = fill(state, line);
  const status = errors.length ? counted(errors.length, "problem") : state.building ? "Building" : "Up to date";
  button.textContent = `Preview: ${status}`;
  button.dataset.state = errors.length ? "problems" : state.building ? "building" : "good";
  ribbon.hidden = !state.page.status;
  ribbon.textContent = ribbon_words(state);
  const words = errors.map((one) => `${one.path}:${one.line}: ${one.message} ${one.cure}`).join("\n");
  const news = words && sessionStorage.getItem(DISMISSED) !== words;
  const spoken = words ? `${status}. ${words}` : "";
  if (said.textContent !== spoken) said.textContent = spoken;
  if (news) show(true);
  else if (!words && said.dataset.words) show(false);
  said.dataset.words = words;
}

function leave() {
  sessionStorage.setItem(DISMISSED, said.dataset.words ?? "");
  show(false);
  button.focus();
}

function listen() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const line = new WebSocket(`${scheme}://${location.host}/_preview/line?page=${encodeURIComponent(location.pathname)}`);
  line.addEventListener("message", (event) => update(JSON.parse(event.data), line));
  line.addEventListener("close", () => {
    button.textContent = "Preview: stopped";
    setTimeout(listen, 1000);
  });
}

button.addEventListener("click", () => {
  show(panel.hidden);
  if (!panel.hidden) panel.focus();
});
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leave();
});
document.documentElement.append(host);
listen();
