import { beforeAll, expect, test } from '@jest/globals';
import { aTenantWithEveryRow, type Ids } from '../../test/support/fixtures/every-row.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { checkOf, findingsAfter } from '../../test/support/fixtures/planted.ts';
import { clientHolds } from '../../test/support/plants/client-holds.ts';
import { inEveryState } from '../../test/support/plants/index.ts';
import { filled } from '../../test/support/plants/plant.ts';
import { checks } from './checks.ts';

const { pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
/** Two tenants with the same rows. The second was made after the first, and ids grow with time: each of its rows has the larger id. */
let first: Ids;
let second: Ids;

beforeAll(async () => {
  first = await aTenantWithEveryRow({ pools, ledger });
  second = await aTenantWithEveryRow({ pools, ledger });
});

/** A fault that is planted for both tenants, and the row that the witness names; `later`: another fault for the second tenant. */
const ofRows: [check: string, plant: string, row: string, later?: string][] = [
  ['trial-balance', 'a posting is lost', 'tenant'],
  ['totals', 'a total is raised by hand', 'tenant'],
  ['accounts', 'a balance vanishes', 'grace'],
  ['balances', 'a balance is raised by hand', 'grace'],
  ['held', 'a hold is forgotten in the counter', 'ada'],
  ['sequences', 'a balance after is wrong', 'ada'],
  ['overdrawn', 'an account is overdrawn for a moment', 'ada'],
  ['limits', 'a floor is lowered by hand', 'ada'],
  ['entries', 'an entry has no legs', 'bookEntry'],
  ['requests', 'a posted entry is called refused', 'postedEntry'],
  ['effective', 'an entry moves to another month', 'undoneEntry'],
  ['periods', 'closed months have a gap', 'tenant'],
  ['causes', 'a key is lost of an entry', 'postedEntry'],
  ['completed', 'a completed transfer has no entry at all', 'book', 'a completed transfer points at another entry'],
  ['reversals', 'a reversal undoes less', 'reversed'],
  ['holds', 'a hold is over another amount', 'submitting'],
  ['no-effect', 'the hold of a cancelled transfer is still active', 'cancelled'],
  ['client-holds', 'a hold is in another currency', 'open'],
  ['states', 'a transfer has no story', 'declined'],
  ['evidence', 'an event says another refusal', 'declined'],
  ['rows', 'a completion moves in time', 'accepted'],
  ['keys', 'a key is lost', 'book'],
  ['attempts', 'one reference is on two attempts', 'unknown', 'a rail key was made again'],
  ['contradictions', 'a contradiction vanishes', 'contradicted'],
  ['counterparts', 'a hold is against another customer, and so are the counters', 'unknown'],
  ['sent', 'all sends of a transfer that its rail took are gone', 'accepted'],
  ['sends', 'a send is lost', 'accepted'],
  ['tenants', 'an event strays to another tenant', 'scheduled'],
  ['batches', 'a batch is lost', 'batch'],
  ['statements', 'statements are apart', 'ada'],
  ['statement-objects', 'an object is lost', 'first'],
  ['statement-months', 'months are apart', 'tenant'],
  ['notices', 'a notice is lost', 'book'],
  ['next-steps', 'an unknown transfer waits for a send, which nobody makes', 'unknown'],
  ['overdue', 'a transfer stands still', 'unknown'],
  ['deadlines', 'an inquiry is planned in 2099', 'unknown'],
];

/** A segment of the archive that follows none. */
const segmentOf = (n: number): string => `insert into ledger.archive_segment (
  n, epoch, from_xid, to_xid, status, begun_at, finished_at, records, manifest_sha256, tree_size, tree_hashes, root, checkpoint)
  values (${n}, 1, '0', '9', 'finished', now(), now(), 0, sha256('x'), 1, array[sha256('x')], sha256('x'), 'x')`;

/** A day on which the checkpoint of a segment was published that is not there. */
const publishedOn = (day: string, n: number): string =>
  `insert into ledger.archive_publication (day, n, begun_at, finished_at) values ('${day}', ${n}, now(), now())`;

/** What is kept of an entry that nobody asked for. */
const keptOf = (id: string): [sql: string, says: string] => [
  `insert into ledger.kept_entry (id, tenant_id, effective_at, legs) values ('${id}', gen_random_uuid(), now(), '[{}]')`,
  id,
];

/** Faults that are of no tenant's row: the smaller and the larger one, each with what its witness says. */
const ofTheDatabase: [check: string, smaller: [sql: string, says: string], larger: [sql: string, says: string]][] = [
  ['kept', keptOf('00000000-0000-7000-8000-000000000001'), keptOf('00000000-0000-7000-8000-000000000002')],
  [
    'partitions',
    ['create table ledger.receipt (at timestamptz not null) partition by range (at)', 'ledger.receipt'],
    ['create table ledger.voucher (at timestamptz not null) partition by range (at)', 'ledger.voucher'],
  ],
  ['archive', [segmentOf(5), 'segment 5'], [segmentOf(7), 'segment 7']],
  [
    'publications',
    [publishedOn('2020-01-01', 5), 'on 2020-01-01 the checkpoint of segment 5'],
    [publishedOn('2020-01-02', 4), 'on 2020-01-02 the checkpoint of segment 4'],
  ],
  [
    'guards',
    ['alter table ledger.balance drop constraint never_overdrawn', 'never_overdrawn'],
    ['drop index ledger.send_one_open', 'send_one_open'],
  ],
];

test('every check is asked for its smallest witness', () => {
  const named = [...ofRows, ...ofTheDatabase].map(([check]) => check);
  expect(named.toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
});

test.each(ofRows)('%s names the smaller of two rows, with %s', async (check, plant, row, later = plant) => {
  const smaller = { sql: filled(sqlOf(plant), first), says: first[row] ?? '' };
  const larger = { sql: filled(sqlOf(later), second), says: second[row] ?? '' };
  await expectSmaller(check, smaller, larger);
});

test.each(ofTheDatabase)('%s names the smaller of two', async (check, [sql, says], [laterSql, laterSays]) => {
  await expectSmaller(check, { sql, says }, { sql: laterSql, says: laterSays });
});

test('of what is overdue, that which was due first is named', async () => {
  const late = (id: string | undefined, seconds: number) =>
    `update ledger.transfer set next_at = now() - interval '${seconds} seconds' where id = '${id}'`;
  const both = `${late(first['unknown'], 70)}; ${late(second['unknown'], 80)}`;
  expect(await witnessOf('overdue', both)).toContain(second['unknown']);
});

test('smallest is byte by byte, whatever the collation of the database is', async () => {
  const [finding] = await findingsAfter('select 1', {
    root: pools.root,
    checks: [
      {
        ...checkOf('rows'),
        breaches: `select id collate "und-x-icu" as id, id as witness from (values ('a'), ('B'), ('c')) breach(id)`,
      },
    ],
  });
  expect(finding).toMatchObject({ breaches: '3', witness: 'B' });
});

/** Plants the larger alone, to see that it is found at all, and then both, the larger first. */
async function expectSmaller(check: string, smaller: { sql: string; says: string }, larger: typeof smaller) {
  expect(await witnessOf(check, larger.sql)).toContain(larger.says);
  const witness = await witnessOf(check, `${larger.sql}; ${smaller.sql}`);
  expect(witness).toContain(smaller.says);
  expect(witness).not.toContain(larger.says);
}

async function witnessOf(check: string, sql: string): Promise<string | null | undefined> {
  const [finding] = await findingsAfter(sql, { root: pools.root, checks: [checkOf(check)] });
  return finding?.witness;
}

/** The SQL of a plant by its name. */
function sqlOf(plant: string): string {
  const found = [...inEveryState, ...clientHolds].find(([name]) => name === plant);
  if (found === undefined) throw new TypeError(`no fault is called ${plant}`);
  return found[2];
}
