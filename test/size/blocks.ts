import pg from 'pg';

/** One statement as a program sends it. */
export type Statement = { text: string; values: readonly unknown[] };

/**
 * How many blocks of tables and indexes a statement visits, those of the functions that it calls among them; what it writes
 * is undone. It runs twice, and the second run counts: the first one plans. To be called in a transaction.
 */
export async function blocksOf(client: pg.ClientBase, { text, values }: Statement): Promise<number> {
  await client.query(`prepare measured as ${text}`);
  const list = values.map(literal).join(', ');
  const explain = `explain (analyze, buffers, format json) execute measured${list === '' ? '' : `(${list})`}`;
  await withoutEffect(client, explain);
  const blocks = await withoutEffect(client, explain);
  await client.query('deallocate measured');
  return blocks;
}

async function withoutEffect(client: pg.ClientBase, explain: string): Promise<number> {
  await client.query('savepoint before');
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Record<string, unknown> }[] }>(explain);
  await client.query('rollback to savepoint before');
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan ?? {};
  return visits.reduce((sum, name) => sum + Number(plan[name] ?? 0), 0);
}

const visits = [
  ...['Shared Hit Blocks', 'Shared Read Blocks', 'Local Hit Blocks', 'Local Read Blocks'],
  ...['Temp Read Blocks', 'Temp Written Blocks'],
];

const literal = (value: unknown): string =>
  value === null || value === undefined ? 'null' : pg.escapeLiteral(String(asText(value)));

/** As the driver sends it: dates and arrays have forms of their own. */
function asText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map((one) => JSON.stringify(asText(one))).join(',')}}`;
  return value;
}

/**
 * A pool over one connection that keeps what is asked of it, and answers it. The transaction is that of the caller, so what
 * begins or ends one is left out; what names the tenant is not kept.
 */
export function recordingPool(client: pg.PoolClient): { pool: pg.Pool; statements: Statement[] } {
  const statements: Statement[] = [];
  const query = async (config: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
    const own = typeof config === 'string' ? { text: config } : config;
    if (/^(begin|commit)\b/.test(own.text)) return null;
    const isTenant = own.text.includes('set_config');
    if (!isTenant) statements.push({ text: own.text, values: values ?? own.values ?? [] });
    return await client.query(own, values);
  };
  const recorder: pg.PoolClient = Object.create(client, { query: { value: query }, release: { value: () => {} } });
  const pool: pg.Pool = Object.create(pg.Pool.prototype, {
    query: { value: query },
    connect: { value: async () => recorder },
  });
  return { pool, statements };
}
