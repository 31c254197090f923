import { beforeAll, expect, test } from '@jest/globals';
import { aDetachedMonth } from '../../test/support/fixtures/detached.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { broken, checkOf, findingsAfter } from '../../test/support/fixtures/planted.ts';
import { inTime } from '../../test/support/harness/in-time.ts';
import { kept } from '../../test/support/plants/kept.ts';
import { filled } from '../../test/support/plants/plant.ts';
import { checks } from './checks.ts';
import { run } from './run.ts';

const { pools, ledger } = freshLedger();
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  ids = await aDetachedMonth({ pools, ledger });
}, inTime(180_000));

/** What is also kept by constraints; without them the check has to find it. */
const unbound =
  'alter table ledger.kept_balance drop constraint kept_figures_tie; alter table ledger.statement drop constraint ready_has_document;';

test.each(kept)('%s → %s', async (_, check, sql) => {
  const found = filled(`${unbound} ${sql}`, ids);
  const [finding] = await findingsAfter(found, { root: pools.root, checks: [checkOf(check)] });
  expect(finding).toMatchObject({ breaches: expect.stringMatching(/^[1-9]/), witness: expect.any(String) });
});

test('nothing is found where nothing was planted', async () => {
  expect(broken(await findingsAfter('select 1', { root: pools.root }))).toEqual([]);
});

/** Faults of rows that are attached, in a book whose first month is not. */
const attached: readonly (readonly [check: string, sql: string])[] = [
  ['balances', 'update ledger.balance set debit_posted = debit_posted + 1 where account_id = $ada'],
  ['sequences', 'delete from ledger.posting where account_id = $ada and entry_id = $later'],
  ['sequences', 'update ledger.balance set seq = seq + 1 where account_id = $quiet'],
  ['limits', 'update ledger.balance set version = version + 1 where account_id = $ada'],
  ['entries', 'delete from ledger.posting where entry_id = $later'],
  ['causes', 'delete from ledger.event where subject_id = $laterTransfer and version = 1'],
  ['states', 'delete from ledger.event where subject_id = $laterTransfer and version = 1'],
  ['rows', "update ledger.transfer set updated_at = updated_at + interval '1 second' where id = $laterTransfer"],
  ['completed', 'update ledger.transfer set entry_id = gen_random_uuid() where id = $laterTransfer'],
  ['requests', 'update ledger.entry_request set refusal_code = $$x$$ where id = $later'],
  ['keys', 'update ledger.idempotency_key set entry_id = gen_random_uuid() where entry_id = $later'],
  [
    'batches',
    'update ledger.batch set entries = entries + 1 where id = (select batch_id from ledger.entry where id = $later)',
  ],
  [
    'statements',
    "update ledger.statement set to_posted_at = to_posted_at - interval '1 ms' where id = $laterStatement",
  ],
  [
    'overdrawn',
    'update ledger.posting set amount = 99999999, signed = -99999999 where account_id = $ada and entry_id = $later',
  ],
];

test.each(attached)('with a month detached %s still finds: %s', async (check, sql) => {
  const found = filled(sql.replaceAll('$$', "'"), ids);
  const [finding] = await findingsAfter(found, { root: pools.root, checks: [checkOf(check)] });
  expect(finding?.breaches).toMatch(/^[1-9]/);
});

test('a month that is being detached changes nothing that is found', async () => {
  const client = await pools.root.connect();
  try {
    expect(broken(await run(client, checks))).toEqual([]);
  } finally {
    client.release();
  }
});
