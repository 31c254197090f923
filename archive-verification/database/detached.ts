import type pg from 'pg';
import type { Finding } from '../../ledger/verify/run.ts';
import type { ArchivedRecord } from '../records.ts';
import { createTally } from '../tally.ts';

/** Records of months whose rows were moved out of the database: nothing is left to compare them with, so they are counted. */
export type DetachedRecords = {
  /** Counts the records of a segment that is compared with the database, whether they have rows or not: a month may be detached at any time. */
  see(records: readonly ArchivedRecord[]): void;
  /** Those of records without rows that are not of such a month. Asks again which are detached: one may have left since the rows were read. */
  notOf(rowless: readonly ArchivedRecord[]): Promise<ArchivedRecord[]>;
  /** Some segments cannot be compared with the database, so the counts say nothing. */
  leaveOut(): void;
  finding(): Promise<Finding>;
};

type Month = { month: string; entries: string; events: string };

/** Which records have lost their rows with a month: what a commit of the book wrote. Acts and accesses are in no month. */
const kinds = ['entry', 'event', 'statement'];

/** A month of the book is one of UTC, and records have their instants so. */
const monthOf = ({ at }: ArchivedRecord): string => at.slice(0, 'yyyy-mm'.length);

/** `client` sees all tenants. */
export function createDetachedRecords(client: pg.ClientBase): DetachedRecords {
  const counted = new Map<string, bigint>();
  let isWhole = true;
  const tally = createTally(
    'detached',
    'The archive has as many entries and events of each month that is detached as the month had; there are no rows to compare them with.',
  );
  return {
    see: (records) => {
      for (const record of records) {
        const name = `${monthOf(record)} ${record.t}`;
        counted.set(name, (counted.get(name) ?? 0n) + 1n);
      }
    },
    notOf: async (rowless) => {
      if (!rowless.some(({ t }) => kinds.includes(t))) return [...rowless];
      const detached = new Set((await detachedMonths(client)).map(({ month }) => month));
      return rowless.filter((record) => !kinds.includes(record.t) || !detached.has(monthOf(record)));
    },
    leaveOut: () => {
      isWhole = false;
    },
    finding: async () => {
      for (const { month, entries, events } of isWhole ? await detachedMonths(client) : [])
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

async function detachedMonths(client: pg.ClientBase): Promise<Month[]> {
  const { rows } = await client.query<Month>(
    `select to_char(month, 'YYYY-MM') as month, entries::text as entries, events::text as events
     from ledger.detached_month where status = 'detached' order by month`,
  );
  return rows;
}
