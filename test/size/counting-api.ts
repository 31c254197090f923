import type pg from 'pg';
import { scopes } from '../../domain/scope.ts';
import { createReader, type Reader } from '../../drizzle/client.ts';
import type { Pools } from '../support/fixtures/accounts.ts';
import { startApi } from '../support/harness/api.ts';
import { type Cost, costOf, recordingPool } from './blocks.ts';

/** An answer of the API, and what its reads cost. */
export type Counted = Cost & {
  status: number;
  body: { data?: unknown[]; errors?: { pointer: string }[]; next_cursor?: string | null };
};

/** The API over the size book, of one tenant. `ask` reads on the connection that it is given, one question at a time. */
export type CountingApi = { ask(address: string, client: pg.PoolClient): Promise<Counted>; end(): Promise<void> };

export async function countingApi(pools: Pools, tenantId: string): Promise<CountingApi> {
  let current: Reader = createReader(pools.api);
  const reader: Reader = {
    read: (tenant, query) => current.read(tenant, query),
    readAll: (query) => current.readAll(query),
  };
  const api = await startApi({
    ...{ pools, tenantId, scopes },
    startGroup: async () => [],
    tamper: (deps) => ({ ...deps, reader }),
  });
  return {
    async ask(address, client) {
      const { pool, statements } = recordingPool(client);
      current = createReader(pool);
      const { status, body } = await api.call(address);
      const costs: Cost[] = [];
      for (const statement of statements) costs.push(await costOf(client, statement, true));
      const total = (name: keyof Cost) => costs.reduce((sum, cost) => sum + cost[name], 0);
      return { status, body, blocks: total('blocks'), rows: total('rows') };
    },
    end: api.end,
  };
}
