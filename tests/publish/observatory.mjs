// What Mozilla's HTTP Observatory (its own scoring code, run offline) and Google's csp_evaluator
// say about headers.  Reads {headers, html, policies} from a file or `-`, writes JSON.
// Takes for given what a good host brings: a valid certificate and the way from http to https,
// which the nginx tests check; no cookies.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(path.join(process.cwd(), 'package.json'));
const modules = path.join(process.cwd(), 'node_modules');
const load = (name) => import(pathToFileURL(path.join(modules, name)).href);
const observatory = '@mdn/mdn-http-observatory/src/';

const given = JSON.parse(fs.readFileSync(process.argv[2] === '-' ? 0 : process.argv[2], 'utf8'));
const { AxiosHeaders } = await import(pathToFileURL(require.resolve('axios')).href).then((m) => m.default ?? m);
const { Requests } = await load(observatory + 'types.js');
const { Session } = await load(observatory + 'retriever/session.js');
const { parseHttpEquivHeaders } = await load(observatory + 'retriever/utils.js');
const { ALL_TESTS } = await load(observatory + 'constants.js');
const { getGradeForScore, getScoreModifier } = await load(observatory + 'grader/grader.js');
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load(observatory + 'grader/charts.js');

const host = 'library.example.org';
const url = `https://${host}/`;
const answer = () => ({
  headers: new AxiosHeaders(given.headers),
  request: { headers: new AxiosHeaders() },
  status: 200,
  statusText: 'OK',
  verified: true,
  data: '',
  config: { headers: new AxiosHeaders() },
});
const requests = new Requests(host);
requests.resources.path = given.html;
for (const name of ['auto', 'cors', 'http', 'https']) requests.responses[name] = answer();
requests.responses.httpRedirects = [
  { url: new URL(`http://${host}/`), status: 301 },
  { url: new URL(url), status: 200 },
];
requests.responses.httpsRedirects = [{ url: new URL(url), status: 200 }];
requests.session = new Session(new URL(url));
requests.session.response = requests.responses.auto;
requests.responses.auto.httpEquiv = parseHttpEquivHeaders(given.html, url);

let withCredit = 100;
let without = 100;
const tests = {};
for (const test of ALL_TESTS) {
  const { result } = test(requests);
  const modifier = getScoreModifier(result);
  withCredit += modifier;
  if (modifier < 0) without += modifier;
  tests[result] = modifier;
}
const total = without >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? withCredit : without;
const { grade, score } = getGradeForScore(total);

const { CspParser } = require('csp_evaluator/dist/parser.js');
const { CspEvaluator } = require('csp_evaluator/dist/evaluator.js');
const policies = [given.headers['content-security-policy'], ...given.policies].filter(Boolean);
const findings = policies.flatMap((policy) => new CspEvaluator(new CspParser(policy).csp).evaluate());
process.stdout.write(JSON.stringify({ grade, score, tests, findings }));
process.exit(0);
