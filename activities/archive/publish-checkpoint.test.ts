import { expect, test } from '@jest/globals';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { publishCheckpoint, publishLimits } from './publish-checkpoint.ts';

const { pools } = freshLedger({ per: 'test' });

async function withTenants(count: number): Promise<void> {
  await pools.root.query(
    `insert into ledger.tenant (id, name) select ledger.uuid_v7(clock_timestamp()), 'tenant ' || n from generate_series(1, $1::int) n`,
    [count],
  );
  await archiveNext(pools, { emptyAfterMs: 0 });
}

/** The step, `pages` of two tenants long. `afterPage`: what happens behind each. */
const step = (pagesMax: number, { afterPage = () => {} }: { afterPage?: (stop: () => void) => void } = {}) => {
  const stopping = new AbortController();
  return publishCheckpoint({
    pool: pools.worker,
    onCommit: async () => afterPage(() => stopping.abort()),
    stopping: stopping.signal,
    limits: { ...publishLimits, tenantsAtOnce: 2, pagesMax },
  });
};

const toldOnce = async () => {
  const { rows } = await pools.root.query<{ tenants: number; events: number }>(
    "select count(distinct tenant_id)::int as tenants, count(*)::int as events from ledger.event where subject_type = 'checkpoint'",
  );
  return rows[0];
};

test('a step tells as many pages as it may, and the next ones the others', async () => {
  await withTenants(9);
  const run = step(2);
  expect([await run(), await run(), await run(), await run()]).toEqual([4, 4, 1, 0].map((tenants) => ({ tenants })));
  expect(await toldOnce()).toEqual({ tenants: 9, events: 9 });
});

test('a process that stops ends behind its page, and one that is killed behind any of them leaves the rest to the next', async () => {
  await withTenants(9);
  expect(await step(10, { afterPage: (stop) => stop() })()).toEqual({ tenants: 2 });
  const killed = new Error('killed');
  const died = step(10, {
    afterPage: () => {
      throw killed;
    },
  });
  for (let page = 1; page <= 3; page += 1) await expect(died()).rejects.toBe(killed);
  expect(await toldOnce()).toEqual({ tenants: 8, events: 8 });
  expect(await step(10)()).toEqual({ tenants: 1 });
  expect(await toldOnce()).toEqual({ tenants: 9, events: 9 });
});

test('without an archive, or behind what is published, nothing happens', async () => {
  expect(await step(10)()).toEqual({ tenants: 0 });
  await withTenants(1);
  expect(await step(10)()).toEqual({ tenants: 1 });
  expect(await step(10)()).toEqual({ tenants: 0 });
});
