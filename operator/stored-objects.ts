import pg from 'pg';
import type { DatabaseLogin } from '../config/iam-passwords.ts';
import { connectionOf } from '../drizzle/login.ts';
import type { Finding } from '../ledger/verify/run.ts';
import type { ObjectStore, StoredObject } from '../storage/port.ts';

/** Objects that are asked for together: as many as a store takes calls at one time. */
const headsAtOnce = 16;
/** Later reads of a date may have lost its milliseconds. */
const roundedMs = 1_000;

type Row = {
  statement_id: string;
  format: string;
  part: number;
  key: string;
  version_id: string;
  sha256: string;
  bytes: number;
  mode: 'compliance' | 'governance';
  retain_until: Date;
};

/**
 * Compares the objects of statements with what the store says of them, a few at a time, however many there are: each is there in the
 * version that was recorded, with its bytes and checksum, and kept as long; and no key has another version. `login`: one of the auditor.
 */
export async function findingsOfStore(login: DatabaseLogin, store: ObjectStore): Promise<Finding[]> {
  const client = new pg.Client({ ...connectionOf(login), application_name: 'quittance-verify' });
  // A server that ends is reported by the query that waits for it.
  client.on('error', () => {});
  await client.connect();
  try {
    return [await objectsFound(client, store), await versionsFound(store)];
  } finally {
    await client.end();
  }
}

async function objectsFound(client: pg.Client, store: ObjectStore): Promise<Finding> {
  const tally = tallyOf('Each object of a statement is in the store as it was recorded, and is kept as long.');
  let place: [string, string, number] = ['00000000-0000-0000-0000-000000000000', '', 0];
  for (;;) {
    const { rows } = await client.query<Row>(
      `select statement_id, format, part, key, version_id, encode(sha256, 'hex') as sha256, bytes, mode, retain_until
       from ledger.statement_object where (statement_id, format, part) > ($1, $2, $3) order by statement_id, format, part limit $4`,
      [...place, headsAtOnce],
    );
    const faults = await Promise.all(rows.map((row) => faultOf(row, store)));
    for (const fault of faults) tally.add(fault);
    const last = rows.at(-1);
    if (!last) return tally.finding('stored');
    place = [last.statement_id, last.format, last.part];
  }
}

async function faultOf(row: Row, store: ObjectStore): Promise<string | null> {
  const found = await store.head({ area: 'statements', key: row.key, versionId: row.version_id });
  const says = found.ok ? differenceOf(row, found.value) : 'is not in the store';
  return says === null ? null : `statement ${row.statement_id}: ${row.key} in version ${row.version_id} ${says}`;
}

function differenceOf(row: Row, { bytes, sha256, retention }: StoredObject): string | null {
  if (bytes !== row.bytes) return `has ${bytes} bytes, not ${row.bytes}`;
  if (sha256 !== row.sha256) return `has the checksum ${sha256}, not ${row.sha256}`;
  if (retention === null) return 'can be deleted';
  if (retention.mode !== row.mode && retention.mode !== 'compliance') return `is kept in ${retention.mode} mode`;
  if (retention.until.getTime() < row.retain_until.getTime() - roundedMs)
    return `is kept until ${retention.until.toISOString()}, not ${row.retain_until.toISOString()}`;
  return null;
}

/** Versions are listed by their keys, so those of one key follow each other. */
async function versionsFound(store: ObjectStore): Promise<Finding> {
  const tally = tallyOf('No key of a statement has a second version, and nobody deleted one.');
  let previous = '';
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<ObjectStore['versions']>> = await store.versions({
      ...{ area: 'statements', prefix: 'tn_' },
      ...(after !== null && { after }),
    });
    for (const { key, versionId, isMarker } of page.versions) {
      const again = key === previous ? `${key} has another version, ${versionId}` : null;
      tally.add(isMarker ? `${key} was deleted` : again);
      previous = key;
    }
    after = page.next;
  } while (after !== null);
  return tally.finding('versions');
}

function tallyOf(promise: string) {
  const counts = { examined: 0, breaches: 0 };
  let witness: string | null = null;
  return {
    add(fault: string | null) {
      counts.examined += 1;
      if (fault === null) return;
      counts.breaches += 1;
      witness ??= fault;
    },
    finding: (name: string): Finding => ({
      ...{ name, verdict: 'books', promise, witness },
      ...{ examined: `${counts.examined}`, breaches: `${counts.breaches}` },
    }),
  };
}
