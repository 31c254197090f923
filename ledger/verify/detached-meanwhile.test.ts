import { expect, test } from '@jest/globals';
import { aDetachableMonth, firstMonth } from '../../test/support/fixtures/detached.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { monthsAgo } from '../../test/support/fixtures/old-book.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { beginDetaching } from '../months/begin-detaching.ts';
import { keepRows } from '../months/keep-rows.ts';
import { examine } from './examine.ts';

const { database, pools, ledger } = freshLedger();
const month = monthsAgo(firstMonth);

/** How many connections wait for a lock. */
const waiting = async (): Promise<number> => {
  const { rows } = await pools.root.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and application_name = 'quittance-verify'`,
  );
  return rows[0]?.n ?? 0;
};

test(
  'a verification that begins while a month is being detached sees it as detached, and finds nothing',
  async () => {
    await aDetachableMonth({ pools, ledger });
    expect(await beginDetaching(pools.root, { month, keep: 3, actor: 'test' })).toMatchObject({ result: 'begun' });
    while ((await keepRows(pools.root, { month, rows: 100 })).result === 'more');
    const client = await pools.root.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ answer: { result: string } }>(
        'select ledger.detach_month($1, 3, 2000, $2) as answer',
        [`${month}-01`, 'test'],
      );
      expect(rows[0]?.answer).toEqual({ result: 'detached' });
      const examined = examine({ url: database.reader });
      await until(async () => (await waiting()) > 0, 60_000);
      await client.query('commit');
      expect((await examined).filter(({ breaches }) => breaches !== '0')).toEqual([]);
    } finally {
      client.release(true);
    }
  },
  inTime(240_000),
);
