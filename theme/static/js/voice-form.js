/**
 * The form under a page: hands what a reader wrote to the server for comments (Isso's documented `POST /new`).
 * What is written stays in the page, and nowhere else, until it is sent.
 */

import { say } from "./page.js";

class VoiceForm extends HTMLElement {
  form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
  status = /** @type {HTMLElement} */ (this.querySelector("[role=status]"));

  connectedCallback() {
    this.hidden = false;
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.send();
    };
  }

  async send() {
    const button = /** @type {HTMLButtonElement} */ (this.form.querySelector("button"));
    button.disabled = true;
    say(this.status, "busy");
    const outcome = await this.#outcome();
    button.disabled = false;
    if (outcome === "sent") {
      this.form.reset();
      this.form.hidden = true;
    }
    say(this.status, outcome);
  }

  async #outcome() {
    const { author, text } = Object.fromEntries(new FormData(this.form));
    const body = JSON.stringify({ author: String(author).trim() || null, text, title: this.dataset.title });
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    try {
      const answer = await fetch(this.dataset.post ?? "", { method: "POST", credentials: "omit", headers, body });
      if (answer.ok) return "sent";
      if (answer.status === 403 || answer.status === 429) return "often";
      return answer.status === 400 || answer.status === 413 ? "long" : "failed";
    } catch {
      return "failed";
    }
  }
}

customElements.define("voice-form", VoiceForm);
