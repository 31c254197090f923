import type pg from 'pg';

/** How many rows each table of the ledger has. */
export type RowCounts = Readonly<Record<string, number>>;

/** Counts the rows of every table, as a superuser; with a tenant, its own in each table that has tenants. */
export async function countRows(root: pg.Pool, tenantId?: string): Promise<RowCounts> {
  const { rows: tables } = await root.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'ledger'::regnamespace and relkind in ('r', 'p') and not relispartition
       and ($1::text is null
         or exists (select 1 from pg_attribute where attrelid = pg_class.oid and attname = 'tenant_id'))`,
    [tenantId ?? null],
  );
  const ofTenant = tenantId === undefined ? '' : ' where tenant_id = $1';
  const counts = tables.map(({ name }) => `(select count(*)::int from ledger.${name}${ofTenant}) as "${name}"`);
  return (await root.query(`select ${counts.join(', ')}`, tenantId === undefined ? [] : [tenantId])).rows[0];
}

/** The tables that have more rows, or fewer, and by how many. */
export const changeOf = (before: RowCounts, after: RowCounts): Record<string, number> =>
  Object.fromEntries(
    Object.entries(after)
      .map(([table, count]) => [table, count - (before[table] ?? 0)] as const)
      .filter(([, change]) => change !== 0),
  );
