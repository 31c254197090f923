import type pg from 'pg';
import { read } from '../support/tree.ts';

/** What a number of `book.sql` is the id of. */
const kinds = {
  ...{ tenant: 1, apiKey: 2, account: 3, platformAccount: 4, transfer: 5, group: 6, entry: 7, event: 8, posting: 9 },
  ...{ endpoint: 10, delivery: 11, hold: 13, statement: 14 },
} as const;

/** The id that `book.sql` gives to the n-th thing of a kind. */
export const sizeId = (kind: keyof typeof kinds, n: number): string =>
  `01990000-${kinds[kind].toString(16).padStart(4, '0')}-7000-8000-${String(n).padStart(12, '0')}`;

/** What it is made of, in order. */
const parts = ['book.sql', 'ended-keys.sql', 'notices.sql', 'audit.sql', 'statements.sql', 'archive.sql'];

/**
 * Fills an empty ledger as its parts say. Indexes are made after the rows, which is four times as fast; statistics are
 * left as they are, because after an outage nobody has counted the rows. Prints how long it took.
 */
export async function fillBook(root: pg.Pool): Promise<void> {
  const started = performance.now();
  const client = await root.connect();
  try {
    await client.query('set session_replication_role = replica');
    const { rows } = await client.query<{ name: string; definition: string }>(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
       from pg_index join pg_class on pg_class.oid = indrelid
       where relnamespace = 'ledger'::regnamespace and relkind = 'r' and not relispartition
         and not exists (select 1 from pg_constraint where conindid = indexrelid)`,
    );
    for (const { name } of rows) await client.query(`drop index ${name}`);
    const statements = parts.flatMap((part) => read(`test/size/${part}`).split(/;\n/));
    for (const statement of statements) await client.query(statement);
    for (const { definition } of rows) await client.query(definition);
  } finally {
    client.release(true);
  }
  process.stdout.write(`the size book: filled in ${Math.round((performance.now() - started) / 1000)} s\n`);
}
