import { expect, test } from '@jest/globals';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { dueRows } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { setBreaker } from '../../test/support/fixtures/rail.ts';

// Taking looks at a whole rail, so each test has a book of its own.
const { pools, ledger } = freshLedger({ per: 'test', mayViolate: ['overdue'] });
const accounts = freshAccounts({ pools, ledger });
const { take, dueBank } = dueRows({ pools, ledger, accounts });

/** So many rows that wait for the rail, of so many accounts, and statistics from before they came. */
const gathered = (rows: number, accountCount: number) =>
  withoutTriggers(pools.root, async (client) => {
    await client.query('analyze ledger.transfer');
    await client.query(
      `insert into ledger.transfer (id, tenant_id, state, cause, amount, currency, rail, source_account_id, destination_bank, idempotency_key,
         next_what, next_at, waiting_for, created_by_group, state_since, created_at, updated_at)
       select ledger.uuid_v7(now()), t.tenant_id, 'scheduled', 'reserved_for_later', 1, 'USD', 'instant',
         ('00000000-0000-7000-8000-' || lpad((n % $3)::text, 12, '0'))::uuid, t.destination_bank, 'gathered ' || n,
         'send_when_rail_recovers', now(), 'rail', gen_random_uuid(), now(), now(), now()
       from generate_series(1, $2::int) n cross join ledger.transfer t where t.id = $1`,
      [await dueBank(), rows, accountCount],
    );
  });

/** They have no holds, so the auditor must not see them. */
const forgetThem = () =>
  withoutTriggers(pools.root, async (client) => {
    await client.query("delete from ledger.transfer where idempotency_key like 'gathered %'");
  });

// Its plan must not depend on what the planner knows: with the plan of a small table this took minutes, and the statement
// timeout of three seconds ended every look for due rows. Ada's own row is the last in line.
test.each([
  ['one account', 20_000, 1, [500, 1, 0]],
  ['twenty thousand accounts', 20_000, 20_000, [500, 500, 1]],
])(
  'after an outage the rows of %s are taken within the bound of a statement',
  async (_, rows, accountCount, lengths) => {
    await gathered(rows, accountCount);
    try {
      const first = await take();
      // Those of an account are on their way now, so nothing else of it is taken.
      const second = await take();
      await setBreaker(pools, 'open', -1_000);
      const probe = await take();
      expect([first, second, probe].map(({ ids }) => ids.length)).toEqual(lengths);
    } finally {
      await forgetThem();
    }
  },
);
