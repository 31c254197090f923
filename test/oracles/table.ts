import { join } from 'node:path';
import { findOnPath } from '../../local/servers/find-program.ts';
import { type Check, checks } from '../check/table.ts';
import { npmTools, whyNoNpmTools } from './npm-tools.ts';
import { findPythonTool } from './python-tool.ts';
import { type Tool, whyNoTool } from './statements/tools.ts';

/** The check of `npm test`, of every statement in place of three. */
const wholeGallery = (check: Check): Check =>
  check.kind === 'tool' ? { ...check, command: check.command.slice(0, 2) } : check;

const bin = (name: string) => join(npmTools, 'node_modules/.bin', name);
const correct = 'Correct what the lines above name: api/openapi/ and the schemas of api/, then `npm run generate`.';
const document = 'api/openapi.json';

/** The tools of Python that test/oracles/requirements.txt names, or why they cannot be had. */
export const findPythonGenerator = () => findPythonTool('test/oracles/requirements.txt', 'openapi-python-client');

/** What a client is generated, compiled and run by: a test file of the project `oracles`. */
const client = (language: string, whyMissing: () => Promise<string | null>): Check => ({
  kind: 'tool',
  name: `${language}-client`,
  question: `does a client for ${language} that is generated from the document compile, and move money?`,
  tool: `the generator for ${language}`,
  whyMissing,
  command: [
    process.execPath,
    'node_modules/jest/bin/jest.js',
    ...['--selectProjects', 'oracles', '--testPathPatterns', `test/oracles/${language}-client`],
  ],
  onFailure: 'Correct the document, or docs/how-to/generate-a-client.md, whose commands and program are run.',
});

/** What a program of others says of every statement of the gallery (test/oracles/statements/judge.ts). */
const statement = (tool: Tool, question: string): Check => ({
  ...{ kind: 'tool', name: tool, question, tool },
  whyMissing: () => whyNoTool(tool),
  command: [process.execPath, 'test/oracles/statements/judge.ts', tool],
  onFailure: 'Correct what the lines above name: statements/.',
});

/** What a program that shares nothing with ours says of an archive, and whether the page for auditors can be followed. */
const archive: readonly Check[] = [
  {
    kind: 'tool',
    name: 'archive',
    question: "is an archive sound for the packages of Go's checksum database, and a changed one not?",
    tool: 'Go',
    whyMissing: async () => whyNoProgram(['go']),
    command: [process.execPath, 'test/oracles/archive/judge.ts'],
    onFailure: 'Correct what the lines above name: archive/ or test/oracles/archive/main.go.',
  },
  {
    kind: 'tool',
    name: 'auditors-guide',
    question: 'does every command of docs/auditors-guide.md print what the page says?',
    tool: 'a program of the page',
    whyMissing: async () =>
      whyNoProgram(['go', 'jq', 'openssl']) ?? (await whyNoTool('qpdf')) ?? (await whyNoTool('pdfdetach')),
    command: [process.execPath, 'test/oracles/archive/guide.ts'],
    onFailure: 'Correct docs/auditors-guide.md, or what it is about.',
  },
];

function whyNoProgram(names: readonly string[]): string | null {
  const absent = names.filter((name) => findOnPath(name) === null);
  return absent.length > 0 ? `no ${absent.join(', no ')} on PATH` : null;
}

/** Programs of others that judge what we publish. Each installs itself into the cache folder in the versions of test/oracles. */
export const oracles: readonly Check[] = [
  {
    kind: 'tool',
    name: 'redocly',
    question: 'is the OpenAPI document without an error or a warning for Redocly?',
    tool: 'Redocly',
    whyMissing: whyNoNpmTools,
    // Warnings are errors in its strict set.
    command: [process.execPath, bin('redocly'), 'lint', document, '--config', 'test/oracles/redocly.yaml'],
    onFailure: correct,
  },
  {
    kind: 'tool',
    name: 'spectral',
    question: 'is the OpenAPI document without an error, a warning or a hint for Spectral?',
    tool: 'Spectral',
    whyMissing: whyNoNpmTools,
    command: [
      process.execPath,
      bin('spectral'),
      ...['lint', document, '--ruleset', 'test/oracles/spectral.yaml', '--fail-severity', 'hint'],
    ],
    onFailure: correct,
  },
  ...checks.filter(({ name }) => name === 'promtool'),
  ...checks.filter(({ name }) => name === 'accessible-pdfs').map(wholeGallery),
  statement('qpdf', 'are the PDFs of statements without an error in their structure?'),
  statement('pdftotext', 'is everything of the document in the text of its PDF, in its sequence?'),
  statement('pdfdetach', 'is the document inside its PDF, to the byte?'),
  statement('xmllint', 'are the ISO 20022 messages of statements valid by their schemas?'),
  ...archive,
  client('typescript', whyNoNpmTools),
  client('python', async () => {
    const found = await findPythonGenerator();
    return typeof found === 'string' ? found : null;
  }),
];
