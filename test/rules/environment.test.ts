import { expect, test } from '@jest/globals';
import { read, sources, toolFolders } from '../support/tree.ts';

/** Where the environment may be read, each with its reason. */
const readsEnvironment: Record<string, string> = {
  'config/env.ts': 'the one reader of our programs',
  'simulator/main.ts': 'the simulator imports nothing of ours, so it hands itself its own settings',
};

test("process.env is read in config/env.ts, the simulator's settings and the tools around the programs", () => {
  const free = toolFolders.filter((folder) => folder !== 'simulator');
  const elsewhere = sources()
    .filter((file) => !free.includes(file.split('/')[0] ?? '') && !(file in readsEnvironment))
    .filter((file) => /process\.env|from 'node:process'|from 'process'/.test(code(file)));
  expect(elsewhere).toEqual([]);
});

test.each([
  ['domain', /\bDate\.now\b|\bnew Date\(\)|Math\.random|randomUUID|randomBytes|performance\.now/],
  // In a workflow `new Date()` is Temporal's clock, which a replay sets back.
  ['workflows', /\bDate\.now\b|Math\.random|randomUUID|randomBytes|performance\.now/],
])('%s is given its time and its chance', (folder, forbidden) => {
  expect(sources([folder]).filter((file) => forbidden.test(code(file)))).toEqual([]);
});

/** The file without its comments: a rule may be talked about. */
function code(file: string): string {
  return read(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
}
