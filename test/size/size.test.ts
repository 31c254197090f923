import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createPool, createReader } from '../../drizzle/client.ts';
import { readSources } from '../../drizzle/sources/tree.ts';
import { type Pools, poolsOf } from '../support/fixtures/accounts.ts';
import { type FreshDatabase, freshDatabase } from '../support/fixtures/database.ts';
import { inTime } from '../support/harness/in-time.ts';
import { type OwnPostgres, ownPostgres } from '../support/harness/own-postgres.ts';
import { makeTemplate } from '../support/servers/template.ts';
import { files, read, root } from '../support/tree.ts';
import { blocksOf, recordingPool, type Statement } from './blocks.ts';
import { fillBook, sizeId } from './book.ts';
import { type Counted, type CountingApi, countingApi } from './counting-api.ts';
import { onePage } from './lists.ts';
import { faultOf, isDearer, type Question, questions } from './questions.ts';
import type { ReadCase } from './read-case.ts';
import { readCases } from './reads.ts';
import type { VerbCase } from './verb-case.ts';
import { verbCases } from './verbs.ts';

/**
 * Every verb, every step that runs again and again, and every list of the API with each of its filters and each two of them, on one
 * book of a million closed and a million open transfers, as the role that runs it, with its settings. What counts is how many
 * blocks and rows it visits, never how long it takes. Nothing is kept of a case, so that all see the same book.
 */
let server: OwnPostgres;
let database: FreshDatabase;
let pools: Pools;
let logins: Record<VerbCase['role'], pg.Pool>;
let api: CountingApi;

beforeAll(async () => {
  server = await ownPostgres();
  await server.start();
  await makeTemplate(server.superuser);
  database = await freshDatabase(server.superuser);
  pools = poolsOf(database);
  await fillBook(pools.root);
  const one = { max: 1, name: 'test-size', connectMs: 30_000 };
  logins = {
    api: createPool({ url: database.api, role: 'quittance_api', ...one }),
    worker: createPool({ url: database.worker, role: 'quittance_worker', ...one }),
    operator: createPool({ url: database.url, ...one }),
  };
  api = await countingApi(pools, sizeId('tenant', 1));
}, inTime(900_000));
afterAll(async () => {
  await api?.end();
  await Promise.all([pools?.end(), logins?.api.end(), logins?.worker.end(), logins?.operator.end()]);
  await server?.stop();
}, inTime(120_000));

/** Runs in a transaction that is never committed. */
async function undone<T>(role: VerbCase['role'], work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await logins[role].connect();
  try {
    await client.query('set idle_in_transaction_session_timeout = 0');
    await client.query('begin');
    return await work(client);
  } finally {
    client.release(true);
  }
}

async function costOfVerb({ role, sql, before, after }: VerbCase): Promise<number> {
  if (before) await pools.root.query(before);
  try {
    return await undone(role, (client) => blocksOf(client, { text: sql, values: [] }));
  } finally {
    if (after) await pools.root.query(after);
  }
}

const costOfRead = ({ role, run }: ReadCase): Promise<number> =>
  undone(role, async (client) => {
    const { pool, statements } = recordingPool(client);
    await run({ pool, reader: createReader(pool) });
    expect(statements.length).toBeGreaterThan(0);
    return await sumOf(client, statements);
  });

async function sumOf(client: pg.PoolClient, statements: readonly Statement[]): Promise<number> {
  let sum = 0;
  for (const statement of statements) sum += await blocksOf(client, statement);
  return sum;
}

const answersTo = ({ requests }: Question): Promise<Counted[]> =>
  undone('api', async (client) => {
    const answers: Counted[] = [];
    for (const { address } of requests) answers.push(await api.ask(address, client));
    return answers;
  });

const verbs = Object.entries(verbCases).flatMap(([name, cases]) =>
  cases.map((one) => [`${name}: ${one.what}`, one] as const),
);
const reads = Object.entries(readCases).flatMap(([name, cases]) =>
  cases.map((one) => [`${name}: ${one.what}`, one] as const),
);

const lists = questions.map((one) => [`${one.path}: ${one.names.join(', ')}`, one] as const);

describe.each([
  ['as an outage left it, before anybody counted its rows', null],
  ['after its rows were counted', 'analyze'],
])('%s', (_, first) => {
  beforeAll(async () => {
    if (first) await pools.root.query(first);
  }, inTime(300_000));

  test.each(verbs)('%s', async (_name, one) => {
    expect(await costOfVerb(one)).toBeLessThanOrEqual(one.max);
  });

  test.each(reads)('%s', async (_name, one) => {
    expect(await costOfRead(one)).toBeLessThanOrEqual(one.max);
  });

  test.each(lists)('%s', async (_name, question) => {
    const answers = await answersTo(question);
    expect(answers.map((answer, n) => faultOf(question, n, answer)).filter((fault) => fault !== null)).toEqual([]);
    // What an index answers needs no bound of its own.
    if (question.max !== onePage) expect(answers.some((answer) => isDearer(answer, onePage))).toBe(true);
  });
});

test('every function that a program or an operator may call has a case', () => {
  const pure = ({ execute }: { execute: readonly string[] }) =>
    execute.length === 0 || execute.includes('quittance_reader');
  const callable = readSources(root)
    .filter((source) => !pure(source))
    .flatMap(({ statements }) => statements.filter(({ kind }) => kind === 'function').map(({ name }) => name));
  expect(Object.keys(verbCases).toSorted()).toEqual(callable.toSorted());
});

test('every question of ledger/read and ledger/worker-reads has a case', () => {
  const reading = files(/^ledger\/(?!verify).*\.ts$/)
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...read(file).matchAll(/^export (?:async function|const) ((?:read|list)[A-Z]\w*)\b/gm)])
    .map(([, name]) => name);
  expect(Object.keys(readCases).toSorted()).toEqual(reading.toSorted());
});
