import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { anEndpoint, aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { closeMonth, endMonth, makeAll, setQuiet } from '../../test/support/fixtures/statements.ts';
import type { CommitEffects } from '../commit-effects.ts';
import { createEndpoint } from '../notices/create-webhook-endpoint.ts';
import { closeStatementMonth } from './close-month.ts';

/** The tenant is told that a month is complete by the commit that closes it, once. */
const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });

const eventsOf = async () =>
  (
    await pools.root.query<{ subject_id: string; evidence: { month: string; digest: string; statements: number } }>(
      `select e.subject_id, e.version, e.from_state, e.cause, e.to_state, e.evidence, e.created_at = m.closed_at as "isOfClose",
        ledger.event_type(e.subject_type, e.cause, e.to_state) as type
       from ledger.event e left join ledger.statement_month m on m.id = e.subject_id
       where e.tenant_id = $1 and e.subject_type = 'statement_run'`,
      [accounts.tenantId],
    )
  ).rows;

/** As docs/statements.md tells who checks it. */
async function digestOf(month: string): Promise<string> {
  const { rows } = await pools.root.query<{ account: string; number: number; sha256: string }>(
    `select replace(a.id::text, '-', '') as account, s.number, encode(s.document_sha256, 'hex') as sha256
     from ledger.statement s join ledger.account a on a.id = s.account_id
     where s.tenant_id = $1 and s.month = $2 and s.kind = 'monthly' order by a.created_at, a.id`,
    [accounts.tenantId, month],
  );
  const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  let digest = sha256();
  for (const { account, number, sha256: document } of rows) {
    const four = Buffer.alloc(4);
    four.writeInt32BE(number);
    digest = sha256(digest, Buffer.from(account, 'hex'), four, Buffer.from(document, 'hex'));
  }
  return digest.toString('hex');
}

test('the commit that closes a month tells so, with what is in it, and those who take it', async () => {
  const { tenantId } = accounts;
  await setQuiet(pools, accounts);
  await ledger.reserve(uuidV7(), aTransfer(accounts));
  const endpoints = await Promise.all(
    [['statement.*'], ['statement.run_closed'], null, ['statement.ready'], ['transfer.*']].map(async (eventTypes) => {
      const endpoint = anEndpoint(accounts, { eventTypes });
      await createEndpoint(pools.api, endpoint);
      return endpoint.id;
    }),
  );
  const month = await endMonth(pools, accounts);
  expect(await closeMonth(pools, { tenantId, month })).toMatchObject({ status: 'open' });
  await makeAll(pools, { tenantId, month });
  expect(await eventsOf()).toEqual([]);

  const woken: string[] = [];
  const onCommit = async ({ endpoints: ids }: CommitEffects) => void woken.push(...ids);
  const close = () => closeStatementMonth(pools.worker, { tenantId, month }, onCommit);
  const answers = await Promise.all([close(), close(), close()]);
  expect(answers).toEqual(Array(3).fill({ status: 'closed', statements: 3 }));
  expect(await close()).toEqual({ status: 'closed', statements: 3 });

  const events = await eventsOf();
  expect(events).toEqual([
    {
      subject_id: expect.any(String),
      ...{ version: 1, from_state: null, cause: 'run_closed', to_state: 'closed', isOfClose: true },
      type: 'statement.run_closed',
      evidence: {
        ...{ month, statements: 3, digest: await digestOf(month) },
        ...{ starts_at: expect.stringMatching(/Z$/), ends_at: expect.stringMatching(/Z$/) },
      },
    },
  ]);
  const { rows } = await pools.root.query<{ id: string }>(
    'select endpoint_id as id from ledger.notice_due where subject_id = $1',
    [events[0]?.subject_id],
  );
  const taking = endpoints.slice(0, 3).toSorted();
  expect(rows.map(({ id }) => id).toSorted()).toEqual(taking);
  expect(woken.toSorted()).toEqual(taking);
});

test('each month is told of, also one without a statement', async () => {
  const { tenantId } = accounts;
  await setQuiet(pools, accounts);
  const month = await endMonth(pools, accounts);
  await makeAll(pools, { tenantId, month });
  await closeMonth(pools, { tenantId, month });
  const next = await endMonth(pools, accounts);
  await makeAll(pools, { tenantId, month: next });
  expect(await closeMonth(pools, { tenantId, month: next })).toMatchObject({ status: 'closed' });
  const events = (await eventsOf()).map(({ evidence }) => [evidence.month, evidence.digest]);
  expect(events).toEqual([
    [month, await digestOf(month)],
    [next, await digestOf(next)],
  ]);
});
