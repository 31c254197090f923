import { expect, test } from '@jest/globals';
import { roleSettings, writerSettings } from '../drizzle/session.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { read } from '../test/support/tree.ts';

/** The rule of docs/adr/0021: a writer's statements are planned once, for any value, and never scan a table. */
const { pools } = freshLedger();

test('a statement of a writer is planned for any value from its first call on', async () => {
  const client = await pools.worker.connect();
  try {
    const names = ['one', 'other', 'third'];
    for (const name of names) {
      await client.query({ name: 'a rail', text: 'select 1 from ledger.rail where name = $1', values: [name] });
    }
    const { rows } = await client.query(
      "select generic_plans, custom_plans from pg_prepared_statements where name = 'a rail'",
    );
    expect(rows).toEqual([{ generic_plans: String(names.length), custom_plans: '0' }]);
  } finally {
    client.release(true);
  }
});

test('a writer walks an index of a table that is empty, where a scan would be cheaper', async () => {
  const client = await pools.worker.connect();
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      'explain select 1 from ledger.posting where account_id = gen_random_uuid()',
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index');
    expect(plan).not.toContain('Seq Scan');
  } finally {
    client.release(true);
  }
});

test('no verb sets the plans of its own statements', async () => {
  const { rows } = await pools.root.query(
    `select proname from pg_proc where pronamespace = 'ledger'::regnamespace
     and exists (select from unnest(proconfig) setting where setting ~ '^(plan_cache_mode|enable_|jit)')`,
  );
  expect(rows).toEqual([]);
});

test("the worker's program gives its writers these settings", () => {
  expect(read('worker/main.ts')).toMatch(/createPool\(\{[^}]*role: 'quittance_worker'/);
  expect(roleSettings.quittance_worker).toMatchObject(writerSettings);
});
