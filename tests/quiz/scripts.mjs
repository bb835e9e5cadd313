// Runs the page's own modules on questions from stdin, one JSON object a line.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { score } from "../../plugins/quiz/static/js/self-quiz/score.js";

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const answer = question.foreign
    ? question.batch.map((answers) => createRequire(import.meta.url)(question.foreign)({ answers }))
    : question.batch
    ? question.batch.map((answers) => score(question.quiz, answers))
    : score(question.quiz, question.answers);
  console.log(JSON.stringify(answer));
}
