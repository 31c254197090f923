import { beforeAll, expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { endStatementMonth } from '../../ledger/statements/end-month.ts';
import { openStatementMonths } from '../../ledger/statements/open-months.ts';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { freshApi, type Reply } from '../../test/support/harness/api.ts';

/** The runs of months, where no worker makes them: one that is opened waits. */
const looked: string[] = [];
const { pools, ledger, accounts, api } = freshApi({
  tamper: (deps) => ({ ...deps, lookAtRun: (_, month) => void looked.push(month) }),
});
let secret: string;
let month: string;
let address: string;
beforeAll(async () => {
  secret = await api.keyWith({ scopes: ['operations'] });
  const ended = await endStatementMonth(pools.root, { tenantId: accounts.tenantId, actor: 'test' });
  if (!ended.ok) throw new Error(ended.refusal.code);
  ({ month } = ended.value);
  await openStatementMonths(pools.worker, { limit: 10 });
  address = `/v1/statement-runs/${toPublic('tenant', accounts.tenantId)}/${month}`;
});

const setPace = (pace: number | null, more: object = {}, at = address): Promise<Reply> =>
  api.call(at, { method: 'PATCH', secret, body: { ...more, pace } });

test("a tenant's months are listed, and their pace is set, with an act in the audit", async () => {
  const list = await api.call('/v1/statement-runs', { secret });
  expect(list.body.data).toEqual([
    expect.objectContaining({ object: 'statement_run', month, status: 'waiting', pace: null, ready: 0, attention: 0 }),
  ]);
  const [run] = list.body.data;
  const changed = await setPace(60, run);
  expect([changed.status, changed.body]).toEqual([200, { ...run, pace: 60 }]);
  expect((await setPace(0)).body.pace).toBe(0);
  expect((await setPace(null)).body.pace).toBeNull();
  expect(looked).toEqual([month, month, month]);
  const audit = (await api.call('/v1/audit?limit=1')).body.data[0];
  expect(audit).toMatchObject({ before: { pace: 0 }, actor: expect.stringMatching(/^ak_/) });
});

test('another month, and the month of another tenant, are not there', async () => {
  const other = toPublic('tenant', (await createAccounts(pools, ledger)).tenantId);
  const own = toPublic('tenant', accounts.tenantId);
  for (const at of [`${own}/2001-01`, `${other}/${month}`, `${own}/2026-13`, `x/${month}`]) {
    const refused = await setPace(1, {}, `/v1/statement-runs/${at}`);
    expect([at, refused.status, refused.body.code]).toEqual([at, 404, 'not_found']);
  }
  const refused = await setPace(1, { zone: 'Europe/Warsaw' });
  expect([refused.status, refused.body.errors[0]]).toMatchObject([400, { pointer: '/zone', code: 'read_only' }]);
});
