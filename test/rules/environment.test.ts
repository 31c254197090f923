import { describe, expect, test } from '@jest/globals';
import { readEnv, variables } from '../../config/env.ts';
import { envNames } from '../../config/env-names.ts';
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

describe('.env.example', () => {
  const lines = read('.env.example').split('\n');
  const named = lines.flatMap((line) => /^(?:# )?([A-Z][A-Z0-9_]*)=/.exec(line)?.slice(1, 2) ?? []);

  test('names every setting once, in the order of config/env-names.ts', () => {
    expect(named).toEqual([...envNames]);
    expect(Object.keys(variables.shape)).toEqual([...envNames]);
  });

  test('shows the defaults: to copy it unchanged changes nothing', () => {
    const example = { DATABASE_URL: /^(?:# )?DATABASE_URL=(.*)$/m.exec(read('.env.example'))?.[1] };
    const given = Object.fromEntries(
      lines.map((line) => /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line)).map((match) => [match?.[1] ?? '', match?.[2]]),
    );
    expect(JSON.stringify(readEnv({ ...example, ...given }))).toEqual(JSON.stringify(readEnv(example)));
  });
});

/** The file without its comments: a rule may be talked about. */
function code(file: string): string {
  return read(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
}
