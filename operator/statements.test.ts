import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Client, type Connection } from '@temporalio/client';
import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../domain/ids.ts';
import { storeStatement } from '../ledger/statements/store.ts';
import type { TakenStatement } from '../ledger/statements/take.ts';
import { freshAccounts, freshLedger } from '../test/support/fixtures/ledger.ts';
import { endMonth, made, takeAll } from '../test/support/fixtures/statements.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { connectToTemporal, registerNamespace, temporalAddress } from '../test/support/harness/temporal.ts';
import { statementRunId } from '../workflows/contract/ids.ts';

/** The commands as a person runs them, on a Temporal without workers: what they start waits there. */
const { database, pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
jest.setTimeout(inTime(300_000));

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await connectToTemporal();
  client = new Client({ connection, namespace: await registerNamespace(connection) });
});
afterAll(() => connection.close());

function statements(args: string[], mode = 'development'): Promise<{ code: number; out: string; err: string }> {
  const env = {
    ...{ PATH: process.env['PATH'], DATABASE_URL: database.url, NODE_ENV: mode },
    ...{ TEMPORAL_ADDRESS: temporalAddress(), TEMPORAL_NAMESPACE: client.options.namespace },
  };
  return new Promise((resolve) => {
    const program = join(import.meta.dirname, 'main.ts');
    execFile(process.execPath, [program, 'statements', ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });
}
const tenant = () => toPublic('tenant', accounts.tenantId);

test.each([
  [['run'], /^Name a tenant, or say --all for every tenant\.\n$/],
  [['run', 'Acme', '--all'], /^Name a tenant, or say --all for every tenant\.\n$/],
  [['run', '--all', '--early'], /^--month and --early are for one tenant/],
  [['run', 'Acme', '--month', '2026-13'], /^"2026-13" is not a month such as 2026-10\.\n$/],
  [['run', 'Nobody'], /^There is no tenant "Nobody"/],
  [['pace', 'Nobody', '2026-10', 'slow'], /^The pace must be a whole number from 0 to [^\n]+\n$/],
  [['reissue', 'tr_1'], /^"tr_1" is not the id of a statement \(st_…\)\.\n$/],
  [['reissue', toPublic('statement', uuidV7())], /^st_\w+ is not there\.\n$/],
])('statements %j ends with one sentence and code 1', async (args, sentence) => {
  const { code, err } = await statements(args);
  expect(err).toMatch(sentence);
  expect(code).toBe(1);
});

test('a month is ended early and its run started, but never in production', async () => {
  const refused = await statements(['run', tenant(), '--early'], 'production');
  expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/^A month is not ended early in production/) });
  const { code, out } = await statements(['run', tenant(), '--early']);
  const [, month = ''] = /\/(\d{4}-\d\d) runs: http/.exec(out) ?? [];
  expect([code, out]).toEqual([0, expect.stringContaining(`statements/${tenant()}/${month} runs: http`)]);
  const run = client.workflow.getHandle(statementRunId(accounts.tenantId, month));
  expect((await run.describe()).status.name).toBe('RUNNING');
  expect((await statements(['status', tenant()])).out).toContain(`${tenant()}  ${month}  waiting`);
  expect(await statements(['pace', tenant(), month, '0'])).toMatchObject({
    code: 0,
    out: `${month} of ${tenant()} is paused\n`,
  });
  expect((await statements(['status'])).out).toContain('paused');
  expect((await statements(['pace', tenant(), month, 'free'])).out).toContain('made as fast as it can be');
  expect((await statements(['run', tenant(), '--month', month])).out).toContain(`${month} runs: http`);
  expect((await statements(['pace', tenant(), '2001-01', '5'])).err).toContain('has no open month 2001-01');
  expect((await statements(['run', tenant(), '--month', '2001-01'])).err).toContain('is not over yet');
  expect(await statements(['run', '--all'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('runs are on their way'),
  });
});

test('another edition of a statement is cut, and its run started', async () => {
  const { tenantId } = accounts;
  const month = await endMonth(pools, accounts);
  const [first, ...others] = await takeAll(pools, { tenantId, month });
  const id = first?.facts.id ?? '';
  const store = (one: TakenStatement) => storeStatement(pools.worker, made(one), async () => {});
  if (first) await store(first);
  const count = 1 + others.length;
  expect((await statements(['status', tenant()])).out).toMatch(
    new RegExp(`${month}  making   1 of ${count} ready, \\d+ a minute, about \\d+ (s|min)\n`),
  );
  for (const one of others) await store(one);
  expect((await statements(['status', tenant()])).out).toContain(`${month}  making   ${count} of ${count} ready\n`);
  const { code, out } = await statements(['reissue', toPublic('statement', id)]);
  expect([code, out]).toEqual([0, expect.stringMatching(/^st_\w+ takes the place of st_\w+ when it is ready\n/)]);
  expect((await statements(['status', tenant()])).out).toContain("1 outside a month's run wait, the oldest since ");
  const run = client.workflow.getHandle(statementRunId(accounts.tenantId, null));
  expect((await run.describe()).status.name).toBe('RUNNING');
});
