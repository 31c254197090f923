import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Ledger } from '../../ledger/index.ts';
import { examine } from '../../ledger/verify/examine.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';
import { breaches } from './facts.ts';
import { ledgerOf, type People, type Pools, people, poolsOf } from './people.ts';

/** A book of a test's own: its database, the pools on it, and the verbs of the worker. */
export type Book = { database: FreshDatabase; pools: Pools; ledger: Ledger };

/** For whom a book is made, and which of the auditor's checks its tests break on purpose (by their names in ledger/verify). */
export type BookTerms = { per?: 'file' | 'test'; mayBreak?: readonly string[] };

/**
 * An empty book for the tests of a file, or anew for each of them: made before, and afterwards audited and dropped. To be
 * called at the top of a file, which may take it apart: `const { pools, ledger } = freshBook();`. Therefore its parts are
 * filled in place when it is made; until then they lead nowhere, and whoever uses them too early hears so.
 */
export function freshBook({ per = 'file', mayBreak = [] }: BookTerms = {}): Book {
  const [before, after] = per === 'file' ? [beforeAll, afterAll] : [beforeEach, afterEach];
  const book = bookOf(nowhere);
  before(async () => {
    const made = bookOf(await freshDatabase());
    Object.assign(book.database, made.database);
    Object.assign(book.pools, made.pools);
    Object.assign(book.ledger, made.ledger);
  });
  after(async () => {
    try {
      await audit(book, mayBreak);
    } finally {
      await book.pools.end();
      await book.database.drop();
    }
  });
  return book;
}

/** The people of the tests, anew for each: a tenant of its own, Ada with her 100 dollars, Grace with nothing. Filled in place too. */
export function freshPeople(book: Pick<Book, 'pools' | 'ledger'>): People {
  const everyone = { tenantId: '', ada: '', grace: '', funding: '', clearing: '', suspense: '' };
  beforeEach(async () => {
    Object.assign(everyone, await people(book.pools, book.ledger));
  });
  return everyone;
}

const nowhere: FreshDatabase = {
  url: 'postgres://nowhere.invalid',
  api: 'postgres://nowhere.invalid',
  worker: 'postgres://nowhere.invalid',
  reader: 'postgres://nowhere.invalid',
  drop: async () => {},
};

function bookOf(database: FreshDatabase): Book {
  const pools = poolsOf(database);
  return { database: { ...database }, pools, ledger: ledgerOf(pools) };
}

/** Whatever the tests did, the facts that need no bank hold, and `npm run verify` would find nothing but what it may. */
async function audit({ pools, database }: Book, mayBreak: readonly string[]): Promise<void> {
  expect(await breaches(pools.reader)).toEqual([]);
  const broken = (await examine({ url: database.reader })).filter(({ breaches: n }) => n !== '0');
  expect(broken.filter(({ name }) => !mayBreak.includes(name))).toEqual([]);
}
