import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { transfersInEveryState } from '../../test/support/fixtures/every-state.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { broken } from '../../test/support/fixtures/planted.ts';
import { truth as plants } from '../../test/support/plants/truth.ts';
import { examine } from './examine.ts';
import { type Finding, run } from './run.ts';
import { keepTruth, makeTruthTable, ours, theirs } from './truth.ts';

const { database, pools, ledger } = freshLedger();
let endings: Awaited<ReturnType<typeof transfersInEveryState>>;

beforeAll(async () => {
  endings = await transfersInEveryState({ pools, ledger }, await createAccounts(pools, ledger));
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

test.each(plants)('%s → %s', async (_, checks, of, change) => {
  const rows = await truth();
  const row = rows.find(({ transferId }) => transferId === endings[of]);
  change(row, rows);
  expect(await differences(rows)).toEqual(checks);
});

test('of two differences the smaller is named: the transfer, or the key of the rail', async () => {
  const rows = await truth();
  const of = (transferId: string) => rows.find((row) => row.transferId === transferId);
  // The accepted transfer was made before the rejected one.
  Object.assign(of(endings.rejected), { status: 'accepted' });
  expect((await found(rows))[0]?.witness).toContain(endings.rejected);
  Object.assign(of(endings.accepted), { status: 'rejected' });
  rows.push({ ...rows[0], rail_key: 'NOT_OURS_2' }, { ...rows[0], rail_key: 'NOT_OURS_1' });
  const [mine, its] = await found(rows);
  expect(mine?.witness).toContain(endings.accepted);
  expect(its?.witness).toContain('NOT_OURS_1');
});

test('a bank may take longer for a page than a session of our programs waits inside a transaction', async () => {
  async function* pages() {
    yield [];
    await sleep(2_500);
    yield await truth();
  }
  expect(broken(await examine({ url: database.reader, truth: pages() }))).toEqual([]);
});

/** Which checks find a difference between the books and what the bank says that it took. */
const differences = async (records: Records) => broken(await found(records));

type Records = Parameters<typeof keepTruth>[1];

async function found(records: Records): Promise<Finding[]> {
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    await makeTruthTable(client);
    await keepTruth(client, records);
    return await run(client, [ours, theirs]);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
