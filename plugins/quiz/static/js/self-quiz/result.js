/**
 * Puts a result into the page: shows, fills and sorts what the markup already holds.
 */

import { afterPaint, all, copyOf, fill, show, slot } from "../page.js";
import { inWords } from "./words.js";

/** @typedef {import("./score.js").Quiz} Quiz */
/** @typedef {import("./score.js").ScaleResult} ScaleResult */

/**
 * Show the sections of a result one by one, each after the one before is painted.
 * @param {HTMLElement[]} sections
 */
export function reveal([next, ...rest]) {
  if (!next) return;
  afterPaint(() => {
    delete next.dataset.late;
    reveal(rest);
  });
}

export class Outcome {
  /**
   * @param {HTMLElement} root the quiz; only its part for the result is searched, and not all the questions before it
   * @param {Quiz} quiz
   * @param {import("./score.js").Result} result
   * @param {(id: string) => string[]} said the question and what the reader answered to it
   * @param {import("./score.js").Answers} answers
   */
  constructor(root, quiz, result, said, answers) {
    this.root = slot(root, "result") ?? root;
    this.quiz = quiz;
    this.result = result;
    this.said = said;
    this.answers = answers;
    this.isCategory = quiz.type === "category";
  }

  show() {
    const { root, result } = this;
    show(slot(root, "safety"), result.safety);
    this.#showNotes();
    for (const section of all(root, "[data-section]")) {
      this.#fillSection(section, String(section.dataset.section));
      this.#fillWhy(section, result.scales[String(section.dataset.section)]);
    }
    for (const strand of all(root, "[data-strand]")) this.#fillStrand(strand);
    for (const line of all(root, "[data-lead]")) {
      const named = result[line.dataset.lead === "start" ? "starts" : "strengths"];
      fill(line, "words", named.map((id) => root.querySelector(`#result-${id}`)?.textContent).join(", "));
      show(line, named.length > 0);
    }
    for (const remark of all(root, "[data-remark]")) this.#remark(remark);
    this.#sort();
  }

  /**
   * Say of one answer whether it was right, and what advice goes with it.
   * @param {HTMLElement} remark
   */
  #remark(remark) {
    const given = [this.answers[String(remark.dataset.remark)] ?? []].flat().map(String);
    const right = String(remark.dataset.right).split(" ").filter(Boolean);
    const isRight = given.length === right.length && right.every((value) => given.includes(value));
    show(remark.querySelector('[data-verdict="right"]'), isRight);
    show(remark.querySelector('[data-verdict="wrong"]'), !isRight);
    for (const advice of all(remark, "[data-said]")) show(advice, given.includes(String(advice.dataset.said)));
  }

  #showNotes() {
    const { result } = this;
    const isWhole = Object.values(result.scales).every((one) => one.percent !== null);
    const notes = {
      straight: result.straightLine,
      even: result.even && !result.steady,
      steady: result.steady,
      several: result.several,
      nothing: this.isCategory && !result.leading.length,
      unscored: !this.isCategory && !isWhole,
    };
    for (const [name, holds] of Object.entries(notes)) show(this.root.querySelector(`[data-note="${name}"]`), holds);
  }

  /** @param {string} id */
  #score(id) {
    const one = this.result.scales[id];
    return inWords(this.root, this.quiz, id, one.percent, one);
  }

  /**
   * @param {HTMLElement} section
   * @param {string} id
   */
  #fillSection(section, id) {
    const { quiz, result, isCategory } = this;
    const one = result.scales[id];
    for (const band of all(section, "[data-band]")) {
      const part = /** @type {HTMLElement | null} */ (band.closest("[data-part]"));
      show(band, band.dataset.band === result.scales[part?.dataset.part ?? id].band);
    }
    for (const part of all(section, "[data-part]")) fill(part, "words", this.#score(String(part.dataset.part)));
    show(section.querySelector(".quiz__few"), !isCategory && one.percent === null);
    show(section.querySelector('[data-tag="start"]'), result.starts.includes(id));
    show(section.querySelector('[data-tag="strength"]'), result.strengths.includes(id));
    const route = section.querySelector("details");
    const first = isCategory ? result.leading : quiz.highlights ? result.starts : [id];
    if (route) route.open = first.includes(id);
    const shown = result.leading.length ? result.leading : result.chosen;
    show(section, !isCategory || shown.includes(id));
  }

  /**
   * Name the answers that moved a score most, in the reader's own words; if none did, say so.
   * @param {HTMLElement} section
   * @param {ScaleResult} one
   */
  #fillWhy(section, { moved, percent }) {
    const named = moved.filter(([, pull]) => !this.isCategory || pull > 0);
    const lines = named.map(([id, pull]) => {
      const template = this.isCategory ? "named" : pull > 0 ? "raised" : "lowered";
      return copyOf(this.root, template, ...this.said(id));
    });
    fill(section, "moved", ...lines);
    show(slot(section, "unmoved"), !lines.length);
    show(section.querySelector("[data-why]"), this.isCategory ? lines.length > 0 : percent !== null);
  }

  /** @param {HTMLElement} strand */
  #fillStrand(strand) {
    const id = String(strand.dataset.strand);
    fill(strand, "words", this.#score(id));
    const length = this.result.scales[id].percent ?? 0;
    strand.querySelector(".strand__thread")?.setAttribute("stroke-dasharray", `${length} 200`);
  }

  /** Places to start first, then the rest in their fixed order. */
  #sort() {
    const { starts, leading } = this.result;
    const order = new Set([...starts, ...leading, ...this.quiz.scales.map(({ id }) => id)]);
    const sections = [...order].map((id) => this.root.querySelector(`[data-section="${id}"]`) ?? "");
    slot(this.root, "sections")?.append(...sections);
  }
}
