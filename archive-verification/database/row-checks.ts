import type pg from 'pg';
import type { Finding } from '../../ledger/verify/run.ts';
import { canonicalText, sha256Of } from '../canonical.ts';
import { type ArchivedRecord, recordName } from '../records.ts';
import { type Step, segmentName } from '../steps.ts';
import { createTally } from '../tally.ts';
import { bookRows } from './book-rows.ts';
import { createDetachedRecords } from './detached.ts';
import type { ExpectedRecord } from './kinds.ts';
import { otherRows } from './other-rows.ts';
import { isShownOf } from './shown.ts';

/** Looks at each segment with the rows of its transactions. */
export type RowChecks = {
  see(step: Step, records: readonly ArchivedRecord[]): Promise<void>;
  findings(): Promise<Finding[]>;
};

/**
 * Whether the database still says what was archived of it, by SQL of its own. Rows of an abandoned segment are not there, and those of an epoch in which
 * transactions were numbered otherwise cannot be told from others: both are left out. Of a month that is detached the rows are not there either. `client` sees all tenants. What the database knows of
 * its archive is read now, so call it before the archive is listed.
 */
export async function createRowChecks(client: pg.ClientBase): Promise<RowChecks> {
  const rows = createTally(
    'rows',
    'Each row that these transactions wrote has its record, equal in all that may be read.',
  );
  const records = createTally(
    'rowless',
    'Each record is of a row that is there, or was removed after it was archived, as the database counts them, or is of a month that is detached.',
  );
  const known = createTally('known', 'The archive has the segments that the database knows, with the same manifests.');
  const newestKnown = await newestOf(client);
  const detached = createDetachedRecords(client);
  let newest = 0;
  return {
    see: async (step, archived) => {
      const { manifest, n, isAbandoned, isComparable } = step;
      if (isAbandoned) return;
      newest = n;
      known.add(named(step, await faultOfKnown(client, step)));
      if (manifest === null || !isComparable) return detached.leaveOut();
      const left = new Map(archived.map((record) => [recordName(record), record]));
      const range = { fromXid: manifest.from_xid, toXid: manifest.to_xid };
      // Rows may be removed meanwhile, and are counted in the same commit: how many are missing lies between the two.
      const removedBefore = await removedOf(client, step);
      for (const kind of [...bookRows, ...otherRows])
        for await (const page of kind(client, range))
          for (const expected of page) {
            const record = left.get(recordName(expected));
            left.delete(recordName(expected));
            rows.add(named(step, faultOfRow(record, expected)));
            if (record) records.add(null);
          }
      const removed = [removedBefore, await removedOf(client, step)] as const;
      detached.see(archived);
      const gone = await detached.notOf([...left.values()]);
      for (const fault of faultsOfLeft(gone, removed)) records.add(named(step, fault));
    },
    findings: async () => {
      if (newestKnown > newest)
        known.add(`the archive ends at segment ${newest}, and the database knows ${newestKnown}`);
      return [rows.finding(), records.finding(), await detached.finding(), known.finding()];
    },
  };
}

/** What is removed from the database when it is in the archive for some days. */
const removable = ['access', 'sign_in_refused'];

/** What is wrong with each record that has no row; null where as many such rows were removed as are missing. */
function faultsOfLeft(left: readonly ArchivedRecord[], [before, after]: readonly [number, number]): (string | null)[] {
  const gone = left.filter(({ t }) => removable.includes(t)).length;
  const isRemoved = gone >= before && gone <= after;
  const faults = left.map((record) =>
    isRemoved && removable.includes(record.t) ? null : `${recordName(record)} is of a row that the database has not`,
  );
  return isRemoved || after === 0 ? faults : [`${after} rows were removed of it, and ${gone} are not there`, ...faults];
}

/** How many rows of a segment were removed, by what the database says. */
async function removedOf(client: pg.ClientBase, { n }: Step): Promise<number> {
  const { rows } = await client.query<{ removed: number }>('select removed from ledger.archive_segment where n = $1', [
    n,
  ]);
  return rows[0]?.removed ?? 0;
}

const named = (step: Step, fault: string | null): string | null => fault && `${segmentName(step)}: ${fault}`;

async function newestOf(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select coalesce(max(n), 0)::int as n from ledger.archive_segment where status = 'finished'`,
  );
  return rows[0]?.n ?? 0;
}

/** One that is begun there may be whole in the store already. */
async function faultOfKnown(client: pg.ClientBase, { epoch, n, objects }: Step): Promise<string | null> {
  const { rows } = await client.query<{ epoch: number; sha256: string | null }>(
    `select epoch, encode(manifest_sha256, 'hex') as sha256 from ledger.archive_segment where n = $1`,
    [n],
  );
  const [row] = rows;
  if (!row) return 'the database does not know it';
  if (row.epoch !== epoch) return `the database knows it as one of epoch ${row.epoch}`;
  const sha256 = objects.manifest && sha256Of(objects.manifest.bytes);
  return row.sha256 === null || row.sha256 === sha256 ? null : 'the database knows it with another manifest';
}

function faultOfRow(record: ArchivedRecord | undefined, expected: ExpectedRecord): string | null {
  if (!record) return `${recordName(expected)} is in the database, and has no record`;
  const name = differenceOf(record, expected);
  return name && `${recordName(expected)}: the database has another ${name}`;
}

const commitments = ['commitment', 'source_commitment'];

/** The first member in which they differ, commitments left out: they are made with salts that only the writer has. */
function differenceOf(record: ArchivedRecord, { fields, shown, hasSecret }: ExpectedRecord): string | null {
  const own = Object.keys(record).filter((name) => !commitments.includes(name));
  const isSame = (name: string) =>
    Object.hasOwn(shown, name)
      ? isShownOf(record[name], shown[name])
      : canonicalText(record[name]) === canonicalText(fields[name]);
  const other = [...new Set([...own, ...Object.keys(fields), ...Object.keys(shown)])].find(
    (name) => !Object.hasOwn(record, name) || !isSame(name),
  );
  if (other !== undefined) return other;
  return hasSecret && !commitments.some((name) => Object.hasOwn(record, name)) ? 'text, or more evidence' : null;
}
