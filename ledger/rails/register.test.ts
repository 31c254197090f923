import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { anAccount, aTransfer, createAccounts, toBank } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { reservedTogether } from '../../test/support/fixtures/sends.ts';

const { pools, ledger } = freshLedger({ per: 'test' });

/** Every tenant and currency, with the rails that have an account to clear them there. */
const cleared = async (): Promise<Record<string, string[]>> => {
  const { rows } = await pools.root.query<{ where: string; rails: string[] }>(
    `select tenant_id || ' ' || currency as where, array_agg(rail::text order by rail) filter (where kind = 'clearing') as rails
     from ledger.account where kind in ('clearing', 'suspense') group by tenant_id, currency`,
  );
  return Object.fromEntries(rows.map(({ where, rails }) => [where, rails]));
};

test('a network that is registered later clears for the tenants that are there and for those that come', async () => {
  const before = await createAccounts(pools, ledger);
  await anAccount(pools, { tenantId: before.tenantId, currency: 'EUR' });
  expect(await ledger.registerRail('telex')).toBe(true);
  const after = await createAccounts(pools, ledger);
  const both = ['instant', 'telex'];
  expect(await cleared()).toEqual({
    [`${before.tenantId} USD`]: both,
    [`${before.tenantId} EUR`]: both,
    [`${after.tenantId} USD`]: both,
  });
  const names = await pools.root.query("select distinct name from ledger.account where rail = 'telex'");
  expect(names.rows).toEqual([{ name: 'clearing:telex:out' }]);
});

test('registering it again, by many workers at once, changes nothing', async () => {
  const { tenantId } = await createAccounts(pools, ledger);
  const isNew = await Promise.all(Array.from({ length: 8 }, () => ledger.registerRail('telex')));
  expect(isNew.filter(Boolean)).toHaveLength(1);
  expect(await ledger.registerRail('telex')).toBe(false);
  expect(await cleared()).toEqual({ [`${tenantId} USD`]: ['instant', 'telex'] });
});

test('no tenant that is being opened meanwhile is left out', async () => {
  const rails = Array.from({ length: 20 }, (_, n) => `rail_${n}`);
  const opening = Promise.all(Array.from({ length: 20 }, () => createAccounts(pools, ledger)));
  for (const rail of rails) await ledger.registerRail(rail);
  await opening;
  const all = ['instant', ...rails].sort();
  expect(Object.values(await cleared()).map((of) => of.toSorted())).toEqual(Array.from({ length: 20 }, () => all));
});

test.each(['Telex', 'te-lex', '', '9rail', 'x'.repeat(32)])('the name %j is refused', async (name) => {
  await expect(ledger.registerRail(name)).rejects.toThrow('rail_name');
});

test('the database refuses a transfer on a network that is not registered, and an account that would clear it', async () => {
  const accounts = await createAccounts(pools, ledger);
  const { id } = aTransfer(accounts);
  const declined = `insert into ledger.transfer (id, tenant_id, state, cause, amount, currency, rail, idempotency_key, refusal_code,
      created_by_group, state_since, created_at, updated_at)
    values ($1, $2, 'declined', 'refused', 1, 'USD', 'telex', 'k', 'account_not_found', $1, now(), now(), now())`;
  await expect(pools.root.query(declined, [id, accounts.tenantId])).rejects.toThrow('no such rail: telex');
  const account = `insert into ledger.account (id, tenant_id, name, kind, currency, rail, created_at, updated_at)
    values ($1, $2, 'x', 'clearing', 'USD', 'telex', now(), now())`;
  await expect(pools.root.query(account, [id, accounts.tenantId])).rejects.toThrow('account_rail_fkey');
});

test('a transfer on a network that no worker has registered stores nothing, not even its key, and works once one has', async () => {
  const accounts = await createAccounts(pools, ledger);
  const request = toBank(accounts, { rail: 'telex' });
  const { id, tenantId } = request;
  const rowsOf = async () => {
    const { rows } = await pools.root.query(
      `select (select count(*)::int from ledger.transfer where id = $1) as transfers,
        (select count(*)::int from ledger.idempotency_key where transfer_id = $1) as keys`,
      [id],
    );
    return rows[0];
  };
  expect(await ledger.reserve(randomUUID(), request)).toEqual({ id, tenantId, result: 'rail_unknown' });
  expect(await rowsOf()).toEqual({ transfers: 0, keys: 0 });
  await ledger.registerRail('telex');
  expect(await ledger.reserve(randomUUID(), request)).toMatchObject({ result: 'decided', event: { to: 'submitting' } });
  expect(await rowsOf()).toEqual({ transfers: 1, keys: 1 });
});

test('one member on an unregistered network costs the others of its batch nothing, and its key is found on any network', async () => {
  const accounts = await createAccounts(pools, ledger);
  const known = toBank(accounts);
  const unknown = toBank(accounts, { rail: 'telex' });
  const reused = toBank(accounts, { rail: 'telex', key: known.key });
  const together = await reservedTogether(pools, [unknown, known]);
  expect(together.map(({ result }) => result)).toEqual(['rail_unknown', 'decided']);
  expect(await ledger.reserve(randomUUID(), reused)).toMatchObject({
    result: 'key_reused',
    conflict: { id: known.id },
  });
});
