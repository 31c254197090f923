import { createSecretKey, type KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import { accessKind, actKind, entryKind, eventKind, refusedSignInKind, statementKind } from '../../archive/kinds.ts';
import { type BuiltRecord, buildRecord, type RecordKind, type Secret } from '../../archive/record.ts';
import { check } from '../../domain/check.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { ArchiveRow } from '../../ledger/archive/rows.ts';
import { archiveSalts, platformId, type SaltSubject } from '../../ledger/archive/salts.ts';
import {
  readArchiveAccesses,
  readArchiveActs,
  readArchiveRefusedSignIns,
} from '../../ledger/worker-reads/archive-acts.ts';
import {
  type ArchivePage,
  readArchiveEntries,
  readArchiveEvents,
  readArchiveStatements,
} from '../../ledger/worker-reads/archive-book.ts';

/** Which transactions, the last not included. */
export type RecordRange = Pick<ArchivePage, 'fromXid' | 'toXid'>;

/** `signal`: no further page is read. `pageRows`: rows of one page. */
export type ReadTools = { pool: pg.Pool; signal: AbortSignal; pageRows: number };

/** Everything to be recorded that these transactions wrote, in no sequence. */
export async function readRecords(range: RecordRange, tools: ReadTools): Promise<BuiltRecord[]> {
  const salts = createSalts(tools.pool);
  const records: BuiltRecord[] = [];
  for (const read of sources) for await (const page of read(range, tools, salts)) records.push(...page);
  return records;
}

type Source = (range: RecordRange, tools: ReadTools, salts: Salts) => AsyncGenerator<BuiltRecord[], void, void>;

/** Reads the rows of one kind, a page at a time, and makes records of them. */
const sourceOf = <Row extends ArchiveRow>(
  kind: RecordKind<Row>,
  readPage: (pool: pg.Pool, page: ArchivePage) => Promise<Row[]>,
): Source =>
  async function* (range, { pool, signal, pageRows: limit }, salts) {
    for (let after: string | null = null, isMore = true; isMore; ) {
      signal.throwIfAborted();
      const rows: Row[] = await readPage(pool, { ...range, after, limit });
      yield await toRecords(rows, kind, salts);
      await setImmediate();
      after = rows.at(-1)?.place ?? null;
      isMore = rows.length === limit;
    }
  };

const sources: readonly Source[] = [
  sourceOf(entryKind, readArchiveEntries),
  sourceOf(eventKind, readArchiveEvents),
  sourceOf(actKind, readArchiveActs),
  sourceOf(statementKind, readArchiveStatements),
  sourceOf(accessKind, readArchiveAccesses),
  sourceOf(refusedSignInKind, readArchiveRefusedSignIns),
];

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
