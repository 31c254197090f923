import type pg from 'pg';
import { readBacklog } from '../ledger/upkeep/backlog.ts';
import { asOwner } from './owner.ts';

/** Prints the epoch, the last segment, what is begun, what waits, the last copy of a checkpoint and the last one that was published: a row each. */
export async function printArchiveStatus(): Promise<void> {
  const rows = await asOwner(async (pool) => {
    const { archive } = await readBacklog(pool);
    return [
      ...(await segmentsOf(pool)),
      waitingText(archive.oldestMs),
      await copyText(pool),
      await publishedText(pool),
    ];
  });
  process.stdout.write(rows.map((row) => `${row}\n`).join(''));
}

type EpochRow = { epoch: number; reason: string; created_at: Date };
type SegmentRow = { n: number; status: string; records: number | null; begun_at: Date; finished_at: Date | null };

async function segmentsOf(pool: pg.Pool): Promise<string[]> {
  const epochs = await pool.query<EpochRow>(
    'select epoch, reason, created_at from ledger.archive_epoch order by epoch desc limit 1',
  );
  // Of two that are listed at most the first is begun.
  const segments = await pool.query<SegmentRow>(
    'select n::int as n, status, records, begun_at, finished_at from ledger.archive_segment order by n desc limit 2',
  );
  const sum = await pool.query<{ records: string }>(
    'select coalesce(sum(records), 0)::text as records from ledger.archive_segment',
  );
  const total = sum.rows[0]?.records ?? '0';
  const last = segments.rows.find(({ status }) => status === 'finished');
  const begun = segments.rows.find(({ status }) => status === 'begun');
  return [
    ...epochs.rows.map(({ epoch, reason, created_at: at }) => `epoch ${epoch} since ${at.toISOString()}: ${reason}`),
    last
      ? `segment ${last.n} is the last one: ${finishedText(last)}; ${total} records in all`
      : 'no segment is finished yet',
    ...(begun ? [`segment ${begun.n} is begun since ${begun.begun_at.toISOString()}`] : []),
  ];
}

const finishedText = ({ records, finished_at: at }: SegmentRow): string =>
  `${records ?? 0} records, finished at ${at?.toISOString() ?? 'an unknown time'}`;

const waitingText = (oldestMs: number): string =>
  oldestMs === 0
    ? 'every commit is in a segment'
    : `the oldest commit that is in no segment is ${Math.ceil(oldestMs / 1_000)} s old`;

async function copyText(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ n: number; copied_at: Date }>(
    `select n::int as n, copied_at from ledger.archive_segment where copied_at is not null order by copied_at desc limit 1`,
  );
  const [copy] = rows;
  return copy
    ? `the checkpoint of segment ${copy.n} was put into the second store at ${copy.copied_at.toISOString()}`
    : 'no checkpoint was put into a second store';
}

async function publishedText(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ n: number; day: string; tenants: number; finished_at: Date | null }>(
    `select n::int as n, day::text as day, finished_at,
       (select count(*)::int from ledger.archive_publication_tenant t where t.day = p.day) as tenants
     from ledger.archive_publication p order by begun_at desc limit 1`,
  );
  const [one] = rows;
  if (!one) return 'no checkpoint was published to tenants';
  const { n, day, tenants, finished_at: at } = one;
  return `the checkpoint of segment ${n} is published on ${day} to ${tenants} tenants, ${at ? `all of them since ${at.toISOString()}` : 'and not to all of them yet'}`;
}
