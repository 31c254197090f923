import { beforeAll, expect, test } from '@jest/globals';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { transfersInEveryState } from '../../test/support/fixtures/every-state.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { run } from './run.ts';
import { keepTruth, makeTruthTable, ours, theirs } from './truth.ts';

const { pools, ledger } = freshLedger();
let endings: Awaited<ReturnType<typeof transfersInEveryState>>;

beforeAll(async () => {
  endings = await transfersInEveryState(ledger, await createAccounts(pools, ledger));
});

/** The bank's truth that fits the endings: it accepted two, one of which was reported to us as rejected. */
const truth = async () => {
  const { rows } = await pools.root.query(
    `select t.id as "transferId", a.rail_key, case when t.id = $3 then 'rejected' else 'accepted' end as status, t.amount::text as amount, t.currency,
       ledger.bank_of(t.destination_bank) as bank, ledger.account_number_of(t.destination_bank) as account_number
     from ledger.transfer t join ledger.attempt a on a.transfer_id = t.id where t.id in ($1, $2, $3)`,
    [endings.accepted, endings.contradicted, endings.rejected],
  );
  return rows;
};

test('agree', async () => {
  expect(await differences(await truth())).toEqual([]);
});

test.each<[string, string[], (row: Record<string, string>, rows: Record<string, string>[]) => void]>([
  ['it never took what we completed', ['truth-ours'], (row, rows) => rows.splice(rows.indexOf(row), 1)],
  ['it took a key twice', ['truth-ours', 'truth-theirs'], (row, rows) => rows.push({ ...row })],
  ['it took another amount', ['truth-ours', 'truth-theirs'], (row) => Object.assign(row, { amount: '101' })],
  ['it took another currency', ['truth-ours', 'truth-theirs'], (row) => Object.assign(row, { currency: 'EUR' })],
  ['it paid another account', ['truth-ours'], (row) => Object.assign(row, { account_number: '1' })],
  ['it rejected what we completed', ['truth-ours'], (row) => Object.assign(row, { status: 'rejected' })],
  ['it took a key that is not ours', ['truth-theirs'], (row, rows) => rows.push({ ...row, rail_key: 'NOT_OURS' })],
])('%s → %s', async (_, named, change) => {
  const rows = await truth();
  const row = rows.find(({ transferId }) => transferId === endings.accepted);
  change(row, rows);
  expect(await differences(rows)).toEqual(named);
});

test('it accepted what we gave back', async () => {
  const rows = await truth();
  Object.assign(
    rows.find(({ transferId }) => transferId === endings.rejected),
    { status: 'accepted' },
  );
  expect(await differences(rows)).toEqual(['truth-ours']);
});

/** Which checks find a difference between the books and what the bank says that it took. */
async function differences(records: Parameters<typeof keepTruth>[1]): Promise<string[]> {
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    await makeTruthTable(client);
    await keepTruth(client, records);
    const found = await run(client, [ours, theirs]);
    return found.filter(({ breaches: n }) => n !== '0').map(({ name }) => name);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
