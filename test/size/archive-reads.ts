import type pg from 'pg';
import {
  type ArchivePage,
  readArchiveAccesses,
  readArchiveActs,
  readArchiveRefusedSignIns,
  readLastSlices,
} from '../../ledger/worker-reads/archive-acts.ts';
import { type BatchPage, readArchiveBatches } from '../../ledger/worker-reads/archive-batches.ts';
import {
  readArchiveEntries,
  readArchiveEvents,
  readArchiveStatements,
} from '../../ledger/worker-reads/archive-book.ts';
import { readCopyState } from '../../ledger/worker-reads/archive-copy.ts';
import { sizeId } from './book.ts';
import type { ReadCase } from './read-case.ts';

/** 500 transactions: 5,000 batches. */
const page: ArchivePage = { fromXid: '103', toXid: '603', after: null, limit: 5_000 };

const pageOf = (max: number, read: (pool: pg.Pool, page: ArchivePage) => Promise<unknown>): ReadCase[] => [
  { what: 'of 500 transactions', role: 'worker', max, run: ({ pool }) => read(pool, page) },
];

/** With their batches, which each read begins with. */
const bookOf = (max: number, read: (pool: pg.Pool, page: BatchPage) => Promise<unknown>): ReadCase[] =>
  pageOf(max, async (pool, range) => {
    for (const one of await readArchiveBatches(pool, range, 5_000)) await read(pool, one);
  });

/** What is read to make a segment. */
export const archiveReads: Record<string, readonly ReadCase[]> = {
  readArchiveBatches: pageOf(20_000, (pool, range) => readArchiveBatches(pool, range, 5_000)),
  readArchiveEntries: bookOf(300_000, readArchiveEntries),
  readArchiveEvents: bookOf(200_000, readArchiveEvents),
  readArchiveStatements: bookOf(100_000, readArchiveStatements),
  readArchiveActs: pageOf(12_000, readArchiveActs),
  readArchiveAccesses: pageOf(100, readArchiveAccesses),
  readArchiveRefusedSignIns: pageOf(100, readArchiveRefusedSignIns),
  readCopyState: [
    { what: 'behind 100,000 segments', role: 'worker', max: 100, run: ({ pool }) => readCopyState(pool) },
  ],
  readLastSlices: [
    {
      ...{ what: 'of 1,000 tenants', role: 'worker', max: 5_000 },
      run: ({ pool }) =>
        readLastSlices(
          pool,
          Array.from({ length: 1_000 }, (_, n) => sizeId('tenant', n)),
        ),
    },
  ],
};
