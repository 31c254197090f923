import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import {
  type Accounts,
  anAccount,
  anEndpoint,
  aTransfer,
  balanceOf,
  ledgerOf,
  toBank,
} from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { eventOf } from '../../test/support/fixtures/sends.ts';
import { type AccountChange, changeAccount } from '../accounts/change.ts';
import { openAccount } from '../accounts/open.ts';
import { changeEndpoint } from '../notices/change-webhook-endpoint.ts';
import { createEndpoint } from '../notices/create-webhook-endpoint.ts';
import { deleteEndpoint } from '../notices/delete-webhook-endpoint.ts';
import { authenticate } from './authenticate.ts';
import { createApiKey, unrestricted } from './create-api-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';

/** What people set: accounts, keys, endpoints. Every change leaves one row with its actor. */
const { pools, ledger } = freshLedger({ mayViolate: ['sent'] });
const accounts = freshAccounts({ pools, ledger });

const audited = async (subject: string): Promise<string[]> => {
  const { rows } = await pools.root.query('select actor, action from ledger.audit where subject = $1 order by id', [
    subject,
  ]);
  return rows.map(({ actor, action }) => `${actor} ${action}`);
};

describe('opening an account', () => {
  const account = () => ({
    id: uuidV7(),
    tenantId: accounts.tenantId,
    name: 'Charles',
    kind: 'customer' as const,
    currency: 'KWD',
    overdraftLimit: null,
    reference: 'c-1',
    metadata: { engine: 'difference' },
    actor: 'olga',
    idempotencyKey: null,
  });
  const platformAccounts = async () => {
    const { rows } = await pools.root.query(
      "select kind, rail from ledger.account where tenant_id = $1 and currency = 'KWD' and kind not in ('customer', 'funding') order by kind",
      [accounts.tenantId],
    );
    return rows;
  };

  test('brings the accounts that the platform keeps in that currency, once', async () => {
    expect(await platformAccounts()).toEqual([]);
    for (const fresh of [account(), account()]) {
      expect(await openAccount(pools.api, fresh)).toMatchObject({ result: 'made', id: fresh.id });
    }
    expect(await platformAccounts()).toEqual([
      { kind: 'clearing', rail: 'instant' },
      { kind: 'fees', rail: null },
      { kind: 'suspense', rail: null },
    ]);
  });

  test('raced for the first of a currency brings them once too', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openAccount(pools.api, account())));
    expect(opened.map(({ result }) => result)).toEqual(Array.from({ length: 8 }, () => 'made'));
    expect(await platformAccounts()).toHaveLength(3);
  });

  test('under one key, raced, is one account; another request under it is refused', async () => {
    const idempotencyKey = { key: `k-${randomUUID()}`, fingerprint: 'c'.repeat(64) };
    const opened = await Promise.all(
      Array.from({ length: 8 }, () => openAccount(pools.api, { ...account(), idempotencyKey })),
    );
    expect(opened.map(({ result }) => result).sort()).toEqual(['made', ...Array.from({ length: 7 }, () => 'replayed')]);
    const ids = new Set(opened.map((outcome) => (outcome.result === 'key_reused' ? null : outcome.id)));
    expect(ids.size).toBe(1);
    expect(await audited([...ids][0] ?? '')).toEqual(['olga account.opened']);
    const other = { ...account(), idempotencyKey: { ...idempotencyKey, fingerprint: 'd'.repeat(64) } };
    const conflict = { thing: 'account', id: [...ids][0] };
    expect(await openAccount(pools.api, other)).toEqual({ result: 'key_reused', conflict });
  });

  test('under the key of a transfer is answered which', async () => {
    const transfer = aTransfer(accounts);
    await ledger.reserve(randomUUID(), transfer);
    const { key, fingerprint } = transfer;
    const outcome = await openAccount(pools.api, { ...account(), idempotencyKey: { key, fingerprint } });
    expect(outcome).toEqual({ result: 'key_reused', conflict: { thing: 'transfer', id: transfer.id } });
    // And the other way round.
    const idempotencyKey = { key: `k-${randomUUID()}`, fingerprint: 'e'.repeat(64) };
    const opened = account();
    await openAccount(pools.api, { ...opened, idempotencyKey });
    const late = aTransfer(accounts, idempotencyKey);
    const conflict = { thing: 'account', id: opened.id };
    expect(await ledger.reserve(randomUUID(), late)).toMatchObject({ result: 'key_reused', conflict });
  });

  test('under the key of an API key is refused, though the fingerprint is the same', async () => {
    const idempotencyKey = { key: `k-${randomUUID()}`, fingerprint: 'f'.repeat(64) };
    const rest = {
      ...unrestricted,
      name: 'shop',
      scopes: [],
      rateLimit: null,
      expiresAt: null,
      actor: 'olga',
      idempotencyKey,
    };
    const id = uuidV7();
    await createApiKey(pools.api, { id, tenantId: accounts.tenantId, secret: randomUUID(), ...rest });
    const outcome = await openAccount(pools.api, { ...account(), idempotencyKey });
    expect(outcome).toEqual({ result: 'key_reused', conflict: { thing: 'api_key', id } });
  });
});

describe('changing an account', () => {
  const change = (fields: Partial<AccountChange>) =>
    changeAccount(pools.api, {
      id: accounts.grace,
      tenantId: accounts.tenantId,
      name: null,
      metadata: null,
      status: null,
      actor: 'olga',
      ...fields,
    });
  const refusal = (code: string) => ({ ok: false, refusal: { code } });
  const done = { ok: true, value: null };

  test('its name and metadata, the rest stays', async () => {
    expect(await change({ name: 'Grace Hopper' })).toEqual(done);
    expect(await change({ metadata: { rank: 'admiral' } })).toEqual(done);
    const { rows } = await pools.root.query('select name, metadata from ledger.account where id = $1', [
      accounts.grace,
    ]);
    expect(rows).toEqual([{ name: 'Grace Hopper', metadata: { rank: 'admiral' } }]);
    expect(await audited(accounts.grace)).toEqual([
      'test account.opened',
      'olga account.changed',
      'olga account.changed',
    ]);
  });

  test.each<[string, (w: Accounts) => Partial<AccountChange>, string]>([
    ['that is nowhere', () => ({ id: randomUUID(), name: 'x' }), 'not_found'],
    ['of another tenant', () => ({ tenantId: randomUUID(), name: 'x' }), 'not_found'],
    ['with money, to close it', ({ ada }) => ({ id: ada, status: 'closed' }), 'account_not_empty'],
    ['of the platform, to freeze it', ({ clearing }) => ({ id: clearing, status: 'frozen' }), 'state_conflict'],
    ['of the platform, to close it', ({ suspense }) => ({ id: suspense, status: 'closed' }), 'state_conflict'],
  ])('%s is refused', async (_, fields, code) => {
    expect(await change(fields(accounts))).toEqual(refusal(code));
  });

  test('closing waits for transfers that are on their way in, and is final', async () => {
    await ledger.reserve(randomUUID(), aTransfer(accounts, { executeAt: new Date(Date.now() + 60_000).toISOString() }));
    expect(await change({ status: 'closed' })).toEqual(refusal('account_not_empty'));
    const empty = await anAccount(pools, { tenantId: accounts.tenantId });
    expect(await change({ id: empty, status: 'closed' })).toEqual(done);
    expect(await change({ id: empty, status: 'closed' })).toEqual(done);
    expect(await change({ id: empty, status: 'open' })).toEqual(refusal('state_conflict'));
  });

  test('frozen and opened again, with a hold on it that goes on', async () => {
    const { id } = toBank(accounts);
    await ledger.reserve(randomUUID(), toBank(accounts, { id }));
    expect(await change({ id: accounts.ada, status: 'frozen' })).toEqual(done);
    expect(eventOf(await ledger.reserve(randomUUID(), aTransfer(accounts)))?.to).toBe('declined');
    await ledger.conclude({
      transferId: id,
      source: 'inquiry',
      askedAt: new Date().toISOString(),
      outcome: 'accepted',
      code: 'ACSC',
      railReference: 'r',
    });
    expect((await balanceOf(pools, accounts.ada)).posted).toBe(9_900n);
    expect(await change({ id: accounts.ada, status: 'open' })).toEqual(done);
    expect(eventOf(await ledger.reserve(randomUUID(), aTransfer(accounts)))?.to).toBe('completed');
  });

  test('raced against a transfer that fills it: one of them loses, and the books are whole', async () => {
    for (let i = 0; i < 10; i += 1) {
      const id = await anAccount(pools, { tenantId: accounts.tenantId });
      const [closing, filling] = await Promise.all([
        change({ id, status: 'closed' }),
        ledger.reserve(randomUUID(), aTransfer(accounts, { destinationAccountId: id, amount: '1' })),
      ]);
      expect(closing.ok).toBe(eventOf(filling)?.to === 'declined');
    }
  });
});

describe('an API key', () => {
  const key = (secret: string) => ({
    id: uuidV7(),
    tenantId: accounts.tenantId,
    ...unrestricted,
    name: 'shop',
    secret,
    scopes: ['transfers:write'],
    rateLimit: 7,
    expiresAt: '2031-01-01T00:00:00.000Z',
    actor: 'olga',
    idempotencyKey: null,
  });

  test('is found by its secret, which is not stored, and may be revoked twice', async () => {
    const secret = `qk_${randomBytes(32).toString('base64url')}`;
    const made = key(secret);
    await createApiKey(pools.api, made);
    expect(await authenticate(pools.api, secret)).toEqual({
      id: made.id,
      tenantId: accounts.tenantId,
      tenantName: 'Analytical Engines',
      tenantRateLimit: 100_000,
      name: 'shop',
      scopes: ['transfers:write'],
      rateLimit: 7,
      ...unrestricted,
      tenantDisabledAt: null,
      expiresAt: made.expiresAt,
      revokedAt: null,
    });
    const { rows } = await pools.root.query('select k::text as kept from ledger.api_key k where id = $1', [made.id]);
    expect(rows[0].kept).not.toContain(secret.slice(0, 20));
    const revocation = { id: made.id, tenantId: accounts.tenantId, actor: 'olga' };
    expect(await revokeApiKey(pools.api, { ...revocation, tenantId: randomUUID() })).toBe(false);
    expect([await revokeApiKey(pools.api, revocation), await revokeApiKey(pools.api, revocation)]).toEqual([
      true,
      true,
    ]);
    expect((await authenticate(pools.api, secret))?.revokedAt).toEqual(expect.any(String));
    expect(await audited(made.id)).toEqual(['olga api_key.created', 'olga api_key.revoked']);
  });

  test('that nobody has is nobody', async () => {
    expect(await authenticate(pools.api, 'qk_nothing')).toBeNull();
  });
});

describe('a webhook endpoint', () => {
  const endpoint = () => anEndpoint(accounts, { actor: 'olga' });

  test('has a notice of every event from then on, disabled or not, and none when it is deleted', async () => {
    const made = endpoint();
    expect(await createEndpoint(pools.api, made)).toMatchObject({ result: 'made', id: made.id });
    const endpointIds: string[] = [];
    const observedLedger = ledgerOf(pools, async ({ endpoints }) => void endpointIds.push(...endpoints));
    await observedLedger.reserve(randomUUID(), aTransfer(accounts));
    expect(endpointIds).toEqual([made.id]);
    const waiting = async () =>
      (await pools.root.query('select count(*)::int as n from ledger.notice_due where endpoint_id = $1', [made.id]))
        .rows[0].n;
    expect(await waiting()).toBe(1);
    const quiet = {
      id: made.id,
      tenantId: accounts.tenantId,
      url: null,
      reason: 'gone',
      actor: 'olga',
    };
    expect(await changeEndpoint(pools.api, { ...quiet, status: 'disabled' })).toBe('ok');
    await observedLedger.reserve(randomUUID(), aTransfer(accounts));
    // Kept for when it is enabled again, and nobody is woken for it.
    expect(await waiting()).toBe(2);
    expect(endpointIds).toEqual([made.id]);
    expect(await changeEndpoint(pools.api, { ...quiet, tenantId: randomUUID(), status: 'enabled' })).toBe('not_found');
    const gone = { id: made.id, tenantId: accounts.tenantId, actor: 'olga' };
    expect([await deleteEndpoint(pools.api, gone), await deleteEndpoint(pools.api, gone)]).toEqual([true, false]);
    expect(await waiting()).toBe(0);
    expect(await audited(made.id)).toEqual([
      'olga webhook_endpoint.created',
      'olga webhook_endpoint.changed',
      'olga webhook_endpoint.deleted',
    ]);
  });

  test('the twenty-first is refused, raced or not', async () => {
    const answers = await Promise.all(Array.from({ length: 24 }, () => createEndpoint(pools.api, endpoint())));
    expect(answers.filter(({ result }) => result === 'made')).toHaveLength(20);
    expect(answers.filter(({ result }) => result === 'limit')).toHaveLength(4);
  });

  test('asked for under one key at the limit is made once there is room, and then once', async () => {
    const made = Array.from({ length: 20 }, endpoint);
    await Promise.all(made.map((one) => createEndpoint(pools.api, one)));
    const idempotencyKey = { key: `k-${randomUUID()}`, fingerprint: 'f'.repeat(64) };
    const make = () => createEndpoint(pools.api, { ...endpoint(), idempotencyKey });
    expect(await make()).toEqual({ result: 'limit' });
    const id = made[0]?.id ?? '';
    expect(await deleteEndpoint(pools.api, { id, tenantId: accounts.tenantId, actor: 'olga' })).toBe(true);
    const outcomes = await Promise.all(Array.from({ length: 8 }, make));
    expect(outcomes.map(({ result }) => result).toSorted()).toEqual(['made', ...Array(7).fill('replayed')]);
  });
});

describe('housekeeping', () => {
  test('makes partitions ahead, again without harm, also by two at once', async () => {
    const counted = async () =>
      (
        await pools.root.query(
          "select count(*)::int as n from pg_inherits where inhparent = 'ledger.posting'::regclass",
        )
      ).rows[0].n;
    const before = await counted();
    expect(await Promise.all([ledger.makePartitions(6), ledger.makePartitions(6)])).toEqual([6, 6]);
    expect(await counted()).toBe(before + 3);
    await expect(ledger.makePartitions(25)).rejects.toThrow('1 to 24');
  });

  test('says how many months ahead are really there, not how many were wanted', async () => {
    const { rows } = await pools.root.query<{ name: string }>(
      "select 'posting_' || to_char((now() at time zone 'UTC') + interval '2 months', 'YYYY_MM') as name",
    );
    const name = rows[0]?.name ?? '';
    // It has the name and is not part of the table: nothing can be written there in two months.
    await pools.root.query(`alter table ledger.posting detach partition ledger.${name}`);
    expect(await ledger.makePartitions(3)).toBe(1);
    await pools.root.query(`drop table ledger.${name}`);
    expect(await ledger.makePartitions(3)).toBe(3);
  });

  test('drops the months of the log of deliveries that are over for long enough, and no other', async () => {
    await expect(ledger.dropOldDeliveries(6)).rejects.toThrow('at least 7 days');
    const months = async () => {
      const sql =
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'ledger.delivery'::regclass order by 1";
      return (await pools.root.query<{ name: string }>(sql)).rows.map(({ name }) => name);
    };
    const before = await months();
    for (const name of ['2026-01', '2026-02']) {
      await pools.root.query('select ledger.make_partition($1, $2)', ['delivery', `${name}-01`]);
      await pools.root.query(
        `insert into ledger.delivery (id, endpoint_id, event_id, tenant_id, subject_type, subject_id, try, outcome, took_ms, created_at)
         select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'transfer', gen_random_uuid(), 1, 'delivered', 1, $1
         from generate_series(1, 1000)`,
        [`${name}-20T00:00:00Z`],
      );
    }
    const { rows } = await pools.root.query<{ days: number }>(
      "select ceil(extract(epoch from now() - '2026-02-01Z'::timestamptz) / 86400)::int as days",
    );
    const sinceFebruary = rows[0]?.days ?? 0;
    expect(await ledger.dropOldDeliveries(sinceFebruary + 1)).toBe(0);
    expect(await ledger.dropOldDeliveries(sinceFebruary - 1)).toBe(1);
    expect(await months()).toEqual(['ledger.delivery_2026_02', ...before]);
    expect(await ledger.dropOldDeliveries(7)).toBe(1);
    expect(await months()).toEqual(before);
  });
});
