import { createSecretKey, type KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import { accessKind, actKind, entryKind, eventKind, refusedSignInKind, statementKind } from '../../archive/kinds.ts';
import { type BuiltRecord, buildRecord, type RecordKind, type Secret } from '../../archive/record.ts';
import { check } from '../../domain/check.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { ArchiveRow, PlacedRow } from '../../ledger/archive/rows.ts';
import { archiveSalts, platformId, type SaltSubject } from '../../ledger/archive/salts.ts';
import {
  type ArchivePage,
  readArchiveAccesses,
  readArchiveActs,
  readArchiveRefusedSignIns,
} from '../../ledger/worker-reads/archive-acts.ts';
import { type RecordRange, readArchiveBatches } from '../../ledger/worker-reads/archive-batches.ts';
import {
  readArchiveEntries,
  readArchiveEvents,
  readArchiveStatements,
} from '../../ledger/worker-reads/archive-book.ts';

/** `signal`: no further page is read. `pageRows`: about as many rows as one read has. */
export type ReadTools = { pool: pg.Pool; signal: AbortSignal; pageRows: number };

/** Everything to be recorded that these transactions wrote, in no sequence. */
export async function readRecords(range: RecordRange, { pool, signal, pageRows }: ReadTools): Promise<BuiltRecord[]> {
  const salts = createSalts(pool);
  const records: BuiltRecord[] = [];
  const add = async <Row extends ArchiveRow>(kind: RecordKind<Row>, rows: readonly Row[]) => {
    signal.throwIfAborted();
    for (let i = 0; i < rows.length; i += rowsAtOnce) {
      records.push(...(await toRecords(rows.slice(i, i + rowsAtOnce), kind, salts)));
      await setImmediate();
    }
  };
  for (const page of await readArchiveBatches(pool, range, pageRows)) {
    await add(entryKind, await readArchiveEntries(pool, page));
    const events = await readArchiveEvents(pool, page);
    await add(eventKind, events);
    // Their events say whether there are any.
    if (events.some(({ subjectType }) => subjectType === 'statement'))
      await add(statementKind, await readArchiveStatements(pool, page));
  }
  const pagesOf = <Row extends PlacedRow>(readPage: (pool: pg.Pool, page: ArchivePage) => Promise<Row[]>) =>
    allPages(pageRows, (after) => readPage(pool, { ...range, after, limit: pageRows }));
  for await (const rows of pagesOf(readArchiveActs)) await add(actKind, rows);
  for await (const rows of pagesOf(readArchiveAccesses)) await add(accessKind, rows);
  for await (const rows of pagesOf(readArchiveRefusedSignIns)) await add(refusedSignInKind, rows);
  return records;
}

/** Rows between which others have their turn: some milliseconds of work. */
const rowsAtOnce = 500;

async function* allPages<Row extends PlacedRow>(
  limit: number,
  readPage: (after: string | null) => Promise<Row[]>,
): AsyncGenerator<Row[], void, void> {
  for (let after: string | null = null, isMore = true; isMore; ) {
    const rows: Row[] = await readPage(after);
    yield rows;
    after = rows.at(-1)?.place ?? null;
    isMore = rows.length === limit;
  }
}

async function toRecords<Row extends ArchiveRow>(
  rows: readonly Row[],
  kind: RecordKind<Row>,
  salts: Salts,
): Promise<BuiltRecord[]> {
  const found = rows.map((row) => ({ row, secret: kind.secretOf(row) }));
  await salts.learn(found.flatMap(({ row, secret }) => (secret ? [subjectOf(secret, row)] : [])));
  return found.map(({ row, secret }) =>
    buildRecord(kind, row, secret && { value: secret.value, salt: salts.of(subjectOf(secret, row)) }),
  );
}

const subjectOf = ({ subjectId }: Secret, { tenantId }: ArchiveRow): SaltSubject => ({
  subjectId: subjectId ?? platformId,
  tenantId,
});

/** The salts of one segment: each is asked for once. */
type Salts = { learn(subjects: readonly SaltSubject[]): Promise<void>; of(subject: SaltSubject): KeyObject };

function createSalts(pool: pg.Pool): Salts {
  const known = new Map<Uuid, KeyObject>();
  return {
    learn: async (subjects) => {
      const unknown = new Map(
        subjects.filter(({ subjectId }) => !known.has(subjectId)).map((it) => [it.subjectId, it]),
      );
      for (const [subjectId, salt] of await archiveSalts(pool, [...unknown.values()]))
        known.set(subjectId, createSecretKey(salt));
    },
    of: ({ subjectId }) => {
      const salt = known.get(subjectId);
      check(salt, 'what is committed to has a salt');
      return salt;
    },
  };
}
