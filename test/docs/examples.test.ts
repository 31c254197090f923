import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { createRunWaker, type RunWaker } from '../../activities/statements/wake-runs.ts';
import type { Deps } from '../../api/deps.ts';
import { createStartGroup } from '../../api/transfers/start-group.ts';
import { toPublic } from '../../domain/ids.ts';
import { tenantScopes } from '../../domain/scope.ts';
import { endStatementMonth } from '../../ledger/statements/end-month.ts';
import { createAccounts } from '../support/fixtures/accounts.ts';
import { type Api, startApi } from '../support/harness/api.ts';
import { type Platform, startInProcess } from '../support/harness/in-process.ts';
import { runScript } from '../support/harness/shell.ts';
import { type Example, examplesOf, lacking, programsOf } from '../support/page-examples.ts';
import { files } from '../support/tree.ts';

const run = promisify(execFile);
const runsPage = 'docs/api/statement-runs.md';
const runMaxMs = 60_000;

/** Every call of curl in the documents is made, on the real servers, in the order of its page. */
const pages = files(/^docs\/.*\.md$/).filter((page) => examplesOf(page).length > 0);

let platform: Platform;
let api: Api;
let runs: RunWaker;
beforeAll(async () => {
  platform = await startInProcess();
  const { pools, accounts, client, waits } = platform;
  const log = pino({ level: 'silent' });
  const startGroup = createStartGroup({ client, log, waits });
  runs = createRunWaker({ client, log, waits });
  const tamper = (deps: Deps): Deps => ({ ...deps, makeStatements: runs.make });
  api = await startApi({ pools, tenantId: accounts.tenantId, startGroup, tamper });
});
afterAll(async () => {
  await api?.end();
  await runs?.close();
  await platform?.end();
});

test('there are pages with examples, and an answer that a page shows wrongly is found', () => {
  expect(pages).toContain('docs/how-to/a-bank-in-nine-routes.md');
  const answer = { id: 'tr_1', list: [{ a: '1', b: '2' }] };
  expect(lacking({ id: 'tr_…', list: [{ a: '1' }] }, answer)).toEqual([]);
  expect(lacking({ id: 'ac_…', list: [{ a: '2' }], more: null }, answer)).toEqual(['.id', '.list.0.a', '.more']);
  expect(lacking({ list: [] }, answer)).toEqual(['.list.length']);
});

describe.each(pages)('%s', (page) => {
  const variables: Record<string, string> = {};
  // A tenant of its own, so that no page depends on another.
  beforeAll(async () => {
    const { tenantId, ada, grace, funding } = await createAccounts(platform.pools, platform.ledger);
    const ids = {
      ADA: toPublic('account', ada),
      GRACE: toPublic('account', grace),
      FUNDING: toPublic('account', funding),
    };
    const keys = {
      KEY: await api.keyWith({ tenantId, scopes: [...tenantScopes] }),
      OPERATIONS: await api.keyWith({ tenantId, scopes: ['operations'] }),
    };
    Object.assign(variables, { API: api.url, ...keys, ...ids });
    // The page tells its reader to.
    if (page === runsPage) await endStatementMonth(platform.pools.root, { tenantId, actor: 'test' });
  });
  test.each(examplesOf(page).map((example) => [example.line, example] as const))('line %i', async (_, example) => {
    await runExample(example, variables);
  });
  const programs = page.startsWith('docs/api/') ? programsOf(page) : [];
  if (programs.length > 0)
    test.each(programs)('the program in $language prints what the page says', async ({ source, prints }) => {
      const folder = mkdtempSync(join(tmpdir(), 'quittance-page-'));
      const file = join(folder, 'program.mts');
      writeFileSync(file, source);
      const env = { PATH: process.env['PATH'], ...variables };
      const { stdout } = await run(process.execPath, [file], { env, timeout: runMaxMs });
      rmSync(folder, { recursive: true });
      expect(stdout.trim()).toMatch(prints);
    });
});

/** Runs it, compares what it says, and keeps what it names. A line of the page is named where something differs. */
async function runExample({ page, line, script, statuses, kept, shown }: Example, variables: Record<string, string>) {
  const place = `${page}:${line}`;
  const printed = await runScript(script, variables);
  expect([place, printed.map(({ status }) => status)]).toEqual([place, statuses]);
  const last = printed.at(-1)?.body ?? '';
  if (shown !== undefined) expect([place, lacking(shown, JSON.parse(last)), last]).toEqual([place, [], last]);
  for (const [name, way] of Object.entries(kept)) {
    const value = way
      .split('.')
      .reduce<unknown>((thing, member) => Reflect.get(Object(thing), member), JSON.parse(last));
    expect([place, way, typeof value]).toEqual([place, way, 'string']);
    variables[name] = String(value);
  }
}
