/**
 * Ways to the parts of a page, and to its words: what a script says stands in the page,
 * in `data-…` attributes and templates.
 */

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export const all = (root, selector) => [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector))];

/**
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLElement | null}
 */
export const slot = (root, name) => root.querySelector(`[data-slot="${name}"]`);

/**
 * @param {Element | null} element
 * @param {boolean} visible
 */
export function show(element, visible) {
  if (element) /** @type {HTMLElement} */ (element).hidden = !visible;
}

/**
 * @param {ParentNode} root
 * @param {string} name
 * @param {...(Node | string)} nodes
 */
export const fill = (root, name, ...nodes) => slot(root, name)?.replaceChildren(...nodes);

/**
 * Return one of an element's own texts, its gaps filled: each `{}` with the next value, `{0}` with the first.
 * @param {HTMLElement | null} element
 * @param {string} which
 * @param {...(string | number)} values
 */
export const words = (element, which, ...values) =>
  (element?.dataset[which] ?? "").replace(/\{(\d?)\}/g, (_, at) => String(at ? values[at] : values.shift()));

/**
 * Let an element say one of its own texts, or nothing.
 * @param {HTMLElement | null} element
 * @param {string} which
 * @param {...(string | number)} values
 */
export function say(element, which, ...values) {
  const text = words(element, which, ...values);
  if (element && element.textContent !== text) element.textContent = text;
}

/**
 * Return a copy of a template, its gaps filled: `<span>` and `<b>`, in whichever order they stand there.
 * @param {ParentNode} root
 * @param {string} name
 * @param {string[]} texts
 */
export function copyOf(root, name, ...texts) {
  const template = /** @type {HTMLTemplateElement} */ (root.querySelector(`[data-template="${name}"]`));
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  ["span", "b"].forEach((gap, at) => copy.querySelector(gap)?.append(texts[at]));
  return copy;
}

/**
 * Larger changes wait for the next frame, so that a press is answered at once on a slow phone.
 * @param {() => void} work
 */
export const afterPaint = (work) => requestAnimationFrame(() => setTimeout(work));
