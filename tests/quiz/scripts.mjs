// Runs the page's own modules on questions from stdin, one JSON object a line.
// They are loaded from their text, so that no package.json decides what a .js file is.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

const folder = new URL("../../theme/static/js/", import.meta.url);
const load = async (name) =>
  import(`data:text/javascript,${encodeURIComponent(await readFile(new URL(name, folder), "utf8"))}`);
const { score } = await load("score.js");

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const answer = question.batch
    ? question.batch.map((answers) => score(question.quiz, answers))
    : score(question.quiz, question.answers);
  console.log(JSON.stringify(answer));
}
