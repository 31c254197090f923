import { describe, expect, test } from '@jest/globals';
import { aTransfer, createAccounts, toBank } from '../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../test/support/fixtures/ledger.ts';
import { reserved, sent } from '../test/support/fixtures/sends.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });

/** What the database says to a change that our code never makes, tried by a superuser. Never kept. */
const says = async (sql: string, values: unknown[]): Promise<string> => {
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    await client.query(sql, values);
    return 'yes';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.query('rollback');
    client.release();
  }
};

/** What the verbs write on a transfer after its first commit. Everything else are its terms. */
const written = [
  ...['state', 'cause', 'version', 'state_since', 'updated_at', 'completed_at', 'entry_id', 'reversed_by_id'],
  ...['refusal_code', 'refusal_detail', 'attention_reason', 'attention_since', 'attention_acknowledged_at'],
  ...['next_what', 'next_at', 'waiting_for', 'carrier'],
];

/** The columns of a table in order of their names, each with an expression for another value than it has. */
async function columnsOf(table: string): Promise<{ name: string; other: string }[]> {
  const { rows } = await pools.root.query<{ name: string; other: string }>(
    `select attname as name, replace(case t.typname
        when 'uuid' then 'gen_random_uuid()'
        when 'jsonb' then $$coalesce(@, '{}') || '{"other": 1}'$$
        when 'timestamptz' then $$coalesce(@, now()) + interval '1 second'$$
        when 'int4' then '@ + 2'
        when 'int8' then '@ + 1'
        else $$coalesce(@, '') || 'x'$$
      end, '@', attname) as other
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attname`,
    [`ledger.${table}`],
  );
  return rows;
}

describe('the database refuses, for every login', () => {
  test.each([
    ['another amount', 'amount = amount + 1'],
    ['to be open again', "state = 'active', closed_at = null"],
    ['to be closed in another way', "state = 'released'"],
    ['another account', 'account_id = counter_account_id'],
  ])('a closed hold %s', async (_, change) => {
    const { transferId, ...send } = await sent(ledger, accounts);
    await ledger.conclude({
      transferId,
      ...send,
      source: 'reply',
      outcome: 'accepted',
      code: 'ACSC',
      railReference: transferId,
    });
    expect(await says(`update ledger.hold set ${change} where transfer_id = $1`, [transferId])).toBe(
      `the hold of transfer ${transferId} is closed once and never changed`,
    );
  });

  test('a transfer other terms: every column that no verb writes later, whatever it holds', async () => {
    const { id } = await reserved(ledger, toBank(accounts));
    const refused: string[] = [];
    for (const { name, other } of await columnsOf('transfer')) {
      const answer = await says(`update ledger.transfer set ${name} = ${other} where id = $1`, [id]);
      if (answer === `the terms of transfer ${id} cannot change`) refused.push(name);
    }
    const all = (await columnsOf('transfer')).map(({ name }) => name);
    expect(all.filter((name) => !refused.includes(name))).toEqual(written.toSorted());
  });

  test.each([
    ['another state', "state = 'unknown'", 'changed state without a step'],
    ['another cause', "cause = 'due'", 'changed state without a step'],
    ['to skip a version', 'version = version + 2', 'skipped a version'],
    ['to go back a version', 'version = version - 1', 'skipped a version'],
    ['an unlisted step', "version = version + 1, cause = 'due'", 'by due to submitting is not in the state table'],
  ])('a transfer %s', async (_, change, answer) => {
    const { id } = await reserved(ledger, toBank(accounts));
    expect(await says(`update ledger.transfer set ${change} where id = $1`, [id])).toContain(answer);
  });

  test.each([
    ['another entry', 'gen_random_uuid()'],
    ['no entry', 'null'],
  ])('a completed transfer %s', async (_, entry) => {
    const { id } = await reserved(ledger, aTransfer(accounts));
    expect(await says(`update ledger.transfer set entry_id = ${entry} where id = $1`, [id])).toBe(
      `the terms of transfer ${id} cannot change`,
    );
  });

  test.each([
    ['a longer lease', "lease_until = lease_until + interval '1 second'"],
    ['another sender', 'sender = gen_random_uuid()'],
    ['an older grant', "granted_at = granted_at - interval '1 second'"],
    ['another end than it had', "outcome = 'rejected'"],
    ['to be open again', 'outcome = null'],
  ])('a send %s', async (_, change) => {
    const { transferId, ...send } = await sent(ledger, accounts);
    await ledger.conclude({
      transferId,
      ...send,
      source: 'reply',
      outcome: 'accepted',
      code: 'ACSC',
      railReference: transferId,
    });
    expect(await says(`update ledger.send set ${change} where transfer_id = $1`, [transferId])).toBe(
      `send 1 of transfer ${transferId} cannot change so`,
    );
  });

  test('a bank account without its scheme', async () => {
    const { id } = await reserved(ledger, toBank(accounts));
    const copy = "jsonb_build_object('id', gen_random_uuid(), 'destination_bank', t.destination_bank - 'scheme')";
    const insert = `insert into ledger.transfer select (jsonb_populate_record(t, ${copy})).* from ledger.transfer t where id = $1`;
    expect(await says(insert, [id])).toContain('violates check constraint "bank_account_has_scheme"');
  });

  test('two open sends of one attempt', async () => {
    const { transferId } = await sent(ledger, accounts);
    expect(
      await says(
        `insert into ledger.send (transfer_id, attempt_n, n, tenant_id, sender, granted_at, lease_until)
         values ($1, 1, 2, $2, gen_random_uuid(), now(), now() + interval '1 second')`,
        [transferId, accounts.tenantId],
      ),
    ).toContain('send_one_open');
  });

  test.each([
    ['another currency', "currency = 'EUR'"],
    ['another side', 'normal = -normal'],
    ['another kind', "kind = 'funding'"],
    ['another tenant', 'tenant_id = gen_random_uuid()'],
  ])('a balance %s', async (_, change) => {
    expect(await says(`update ledger.balance set ${change} where account_id = $1`, [accounts.ada])).toBe(
      `the balance of account ${accounts.ada} belongs to it`,
    );
  });

  test('a balance that is not of its account', async () => {
    expect(
      await says(
        `insert into ledger.balance (account_id, tenant_id, kind, currency, normal)
         select gen_random_uuid(), tenant_id, kind, currency, normal from ledger.balance where account_id = $1`,
        [accounts.ada],
      ),
    ).toContain('same_account');
  });

  test('money that goes from one tenant to another', async () => {
    const others = await createAccounts(pools, ledger);
    const client = await pools.root.connect();
    // As inside of a verb, where the inner functions find their tables.
    await client.query('set search_path = ledger');
    const legs = `array[row($1, $2, gen_random_uuid(), 1, 'post', $3, $4, 5)::leg_command]`;
    const moved = client.query(`select apply_legs(${legs}, now(), new_batch(now(), 1, 1))`, [
      ...[null, accounts.tenantId, accounts.ada, others.grace],
    ]);
    await expect(moved).rejects.toThrow('does not balance');
    client.release(true);
  });
});

test('a transfer that is made waits for nobody who looks after its rail', async () => {
  const client = await pools.root.connect();
  try {
    // What a dispatcher locks while it takes rows, and the breaker while it counts.
    await client.query("begin; select * from ledger.rail where name = 'instant' for no key update");
    expect(await reserved(ledger, toBank(accounts))).toMatchObject({ event: { to: 'submitting' } });
  } finally {
    await client.query('rollback');
    client.release();
  }
});
