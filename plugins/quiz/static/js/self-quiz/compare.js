/**
 * Compares two pictures, by a link the reader makes and hands on.
 */

import { all, fill, say, show, slot } from "../page.js";
import { decode, encode } from "./code.js";
import { inWords } from "./words.js";

const FRAGMENT = "#compare=";

export class Compare {
  /** What became of a link to compare: "whole", "old", "broken" or nothing. */
  #invitation = "";
  /** @type {Record<string, number | null> | undefined} */
  #other;
  /** @type {import("./score.js").Result | undefined} */
  #result;

  /**
   * @param {HTMLElement} root
   * @param {import("./score.js").Quiz} quiz
   */
  constructor(root, quiz) {
    this.root = root;
    this.quiz = quiz;
  }

  /** Take the other person's scores out of the address, and the address bar. */
  readInvitation() {
    if (!location.hash.startsWith(FRAGMENT)) return;
    const { state, scores } = decode(this.quiz, location.hash.slice(FRAGMENT.length));
    history.replaceState(null, "", location.pathname + location.search);
    this.#other = scores;
    this.#invitation = state;
    this.showInvitation();
    if (this.#result) this.#drawPair();
  }

  /** Above a result stands no invitation that it answers, nor one that could not be read. */
  showInvitation() {
    const isAnswered = this.root.dataset.state === "result";
    if (isAnswered && !this.#other) this.#invitation = "";
    for (const note of all(document, "[data-invitation]")) {
      show(note, !isAnswered && note.dataset.invitation === this.#invitation);
    }
  }

  get #scores() {
    const scales = Object.entries(this.#result?.scales ?? {});
    return Object.fromEntries(scales.map(([id, { percent }]) => [id, percent]));
  }

  /** @param {import("./score.js").Result | undefined} result */
  set result(result) {
    this.#result = result;
    if (!result) return;
    const isScored = Object.values(this.#scores).some((percent) => percent !== null);
    show(slot(this.root, "compare"), isScored && !result.safety);
    this.#drawPair();
  }

  get #link() {
    return /** @type {HTMLInputElement} */ (this.root.querySelector("[name=link]"));
  }

  makeLink() {
    if (this.#result?.safety) return;
    this.#link.value = location.origin + location.pathname + FRAGMENT + encode(this.quiz, this.#scores);
    show(slot(this.root, "made"), true);
    this.#link.select();
  }

  /** @param {HTMLElement} button */
  copyLink(button) {
    this.#link.select();
    const done = () => {
      say(slot(this.root, "status"), "copied");
      say(button, "done");
    };
    navigator.clipboard?.writeText(this.#link.value).then(done, () => {});
  }

  #drawPair() {
    const pair = slot(this.root, "pair");
    show(pair, Boolean(this.#other));
    show(slot(this.root, "offer"), !this.#other);
    if (!pair || !this.#other) return;
    const differ = Number(pair.dataset.differ);
    const gaps = all(pair, "[data-pair]").map((row) => this.#drawRow(row, differ)).filter((gap) => gap >= 0);
    show(slot(pair, "alike"), gaps.length > 0 && gaps.every((gap) => gap < differ));
    show(slot(pair, "apart"), !gaps.length);
  }

  /**
   * Show one dimension for both, and return how far they are apart: -1 without two scores.
   * @param {HTMLElement} row
   * @param {number} differ from where on they differ enough to talk about it
   */
  #drawRow(row, differ) {
    const id = String(row.dataset.pair);
    const scores = [this.#scores[id], this.#other?.[id] ?? null];
    all(row, "[data-who]").forEach((side, at) => this.#drawSide(side, id, scores[at]));
    const [yours, theirs] = scores;
    const gap = yours === null || theirs === null ? -1 : Math.abs(yours - theirs);
    show(row.querySelector(".pair__prompt"), gap >= differ);
    return gap;
  }

  /**
   * @param {HTMLElement} side
   * @param {string} id
   * @param {number | null} percent
   */
  #drawSide(side, id, percent) {
    fill(side, "words", inWords(slot(this.root, "result"), this.quiz, id, percent));
    const meter = /** @type {HTMLMeterElement} */ (side.querySelector("meter"));
    meter.value = percent ?? 0;
    show(meter, percent !== null);
  }
}
