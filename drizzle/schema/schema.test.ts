import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getTableColumns, isTable } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { freshDatabase } from '../../test/support/fixtures/database.ts';
import * as access from './access.ts';
import * as accounts from './accounts.ts';
import * as archive from './archive.ts';
import * as entries from './entries.ts';
import * as holds from './holds.ts';
import * as months from './months.ts';
import * as notices from './notices.ts';
import * as rails from './rails.ts';
import * as sources from './sources.ts';
import * as statements from './statements.ts';
import * as transfers from './transfers.ts';
import * as upkeep from './upkeep.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const modules = [
  access,
  accounts,
  archive,
  entries,
  holds,
  months,
  notices,
  rails,
  sources,
  statements,
  transfers,
  upkeep,
];
const tables: PgTable[] = modules.flatMap((module) => Object.values(module)).filter((value) => isTable(value));

test('declares every table of the ledger, without partitions', async () => {
  const found = await client.query(
    "select c.relname from pg_class c where c.relnamespace = 'ledger'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition",
  );
  expect(tables.map((table) => getTableConfig(table).name).toSorted()).toEqual(
    found.rows.map((row) => row.relname).toSorted(),
  );
});

test.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
  'ledger.%s has the columns that drizzle/schema declares, with their types and nullability',
  async (name, table) => {
    const found = await client.query(
      // A domain is shown as its base type: that is what a driver reads.
      `select a.attname as name, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null) as type, a.attnotnull as "notNull"
       from pg_attribute a join pg_type t on t.oid = a.atttypid
       where a.attrelid = format('ledger.%I', $1::text)::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
      [name],
    );
    const declared = Object.values(getTableColumns(table)).map((column) => ({
      name: column.name,
      type: column.getSQLType().replace(' (3)', ''),
      notNull: column.notNull,
    }));
    expect(declared).toEqual(found.rows);
  },
);
