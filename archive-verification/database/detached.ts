import type pg from 'pg';
import type { Finding } from '../../ledger/verify/run.ts';
import type { ArchivedRecord } from '../records.ts';
import { createTally } from '../tally.ts';

/** Records of months whose rows were moved out of the database: nothing is left to compare them with, so they are counted. */
export type DetachedRecords = {
  /** Whether a record without a row is of such a month; it is counted then. */
  has(record: ArchivedRecord): boolean;
  /** Some segments cannot be compared with the database, so the counts say nothing. */
  leaveOut(): void;
  finding(): Finding;
};

type Month = { month: string; from: Date; to: Date; entries: string; events: string };

/** Which records have lost their rows with a month: what a commit of the book wrote. Acts and accesses are in no month. */
const kinds = ['entry', 'event', 'statement'];

/** Reads which months are detached. `client` sees all tenants. */
export async function createDetachedRecords(client: pg.ClientBase): Promise<DetachedRecords> {
  const { rows: months } = await client.query<Month>(
    `select to_char(month, 'YYYY-MM') as month, from_at as from, to_at as to, entries::text as entries, events::text as events
     from ledger.detached_month where status = 'detached' order by month`,
  );
  const counted = new Map<string, bigint>();
  let isWhole = true;
  const tally = createTally(
    'detached',
    'The archive has as many entries and events of each month that is detached as the month had; there are no rows to compare them with.',
  );
  return {
    has: ({ t, at }) => {
      const of = kinds.includes(t) && months.find(({ from, to }) => new Date(at) >= from && new Date(at) < to);
      if (!of) return false;
      const name = `${of.month} ${t}`;
      counted.set(name, (counted.get(name) ?? 0n) + 1n);
      return true;
    },
    leaveOut: () => {
      isWhole = false;
    },
    finding: () => {
      for (const { month, entries, events } of isWhole ? months : [])
        for (const [t, count] of [
          ['entry', entries],
          ['event', events],
        ] as const) {
          const archived = counted.get(`${month} ${t}`) ?? 0n;
          const fault = `${month} had ${count} rows of the kind ${t}, and the archive has ${archived}`;
          tally.add(archived === BigInt(count) ? null : fault);
        }
      return tally.finding();
    },
  };
}
