import pg from 'pg';

/** One statement as a program sends it. */
export type Statement = { text: string; values: readonly unknown[] };

/**
 * What a statement visits: blocks of tables and indexes, those of the functions that it calls among them; and rows that its own
 * scans meet, those that a condition drops among them.
 */
export type Cost = { blocks: number; rows: number };

/**
 * What a statement costs; what it writes is undone. To be called in a transaction. The functions that it calls are planned at their
 * first call in a session, which costs more: a statement that this session has not run yet runs twice, and the second run counts.
 */
export async function costOf(client: pg.ClientBase, { text, values }: Statement, hasRun = false): Promise<Cost> {
  await client.query(`prepare measured as ${text}`);
  const list = values.map(literal).join(', ');
  const explain = `explain (analyze, timing off, buffers, format json) execute measured${list === '' ? '' : `(${list})`}`;
  if (!hasRun) await withoutEffect(client, explain);
  const plan = await withoutEffect(client, explain);
  await client.query('deallocate measured');
  return { blocks: sum(blockCounts.map((name) => countIn(plan, name))), rows: rowsOf(plan) };
}

/** The blocks of {@link costOf} alone. */
export const blocksOf = async (client: pg.ClientBase, statement: Statement): Promise<number> =>
  (await costOf(client, statement)).blocks;

async function withoutEffect(client: pg.ClientBase, explain: string): Promise<Plan> {
  await client.query('savepoint before');
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(explain);
  await client.query('rollback to savepoint before');
  return rows[0]?.['QUERY PLAN'][0]?.Plan ?? {};
}

type Plan = { [name: string]: unknown; Plans?: Plan[] };

const blockCounts = [
  ...['Shared Hit Blocks', 'Shared Read Blocks', 'Local Hit Blocks', 'Local Read Blocks'],
  ...['Temp Read Blocks', 'Temp Written Blocks'],
];
const droppedCounts = ['Rows Removed by Filter', 'Rows Removed by Index Recheck', 'Rows Removed by Join Filter'];

/** Counts of rows are averages over the loops of their node. */
function rowsOf(plan: Plan): number {
  const isScan = plan['Relation Name'] !== undefined;
  const kept = isScan ? countIn(plan, 'Actual Rows') : 0;
  const own = (kept + sum(droppedCounts.map((name) => countIn(plan, name)))) * countIn(plan, 'Actual Loops');
  return Math.round(own) + sum((plan.Plans ?? []).map(rowsOf));
}

const countIn = (plan: Plan, name: string): number => Number(plan[name] ?? 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

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
