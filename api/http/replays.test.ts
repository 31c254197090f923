import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { ledgerRefusals } from '../../domain/refusals.ts';
import { type Bank, openBank } from '../../test/support/fixtures/money-requests.ts';
import { aClaim } from '../../test/support/fixtures/sends.ts';
import { aKey, freshApi } from '../../test/support/harness/api.ts';

/** Every kind of answer is repeated byte for byte, whatever became of the transfer and its accounts since. */
const { pools, ledger, accounts, api } = freshApi();
let bank: Bank;
beforeAll(async () => {
  bank = await openBank(api.call);
});

type Body = { source: { account_id: string } };
type Kind = {
  status: number;
  body: () => Promise<Body> | Body;
  /** What happens after the first answer. */
  since?: (id: string, body: Body) => Promise<unknown>;
};

const nobody = toPublic('account', '01990000-0000-7000-8000-000000000000');
const toPoor = (more: object = {}) => ({
  ...{ rail: 'book', amount: '5', currency: 'USD' },
  ...{ source: { account_id: bank.rich }, destination: { account_id: bank.poor } },
  ...more,
});
const toBank = (more: object = {}) => ({
  ...toPoor({ rail: 'instant', ...more }),
  destination: { bank: { routing_number: '021000021', account_number: '1234567890', name: 'Grace Hopper' } },
});
const from = (account_id: string) => ({ source: { account_id } });
const opened = async (status?: string): Promise<string> => {
  const { account_id } = (await api.call('/account', { body: { name: 'Once' } })).body;
  if (status !== undefined) await setStatus(account_id, status);
  return account_id;
};
const setStatus = (id: string, status: string) => api.call(`/v1/accounts/${id}`, { method: 'PATCH', body: { status } });
const payInto = (account_id: string) => api.call('/add_balance', { body: { account_id, amount: '1000' }, key: aKey() });
const in90Minutes = () => new Date(Date.now() + 90 * 60_000).toISOString();

const declined: Record<string, Kind> = {
  account_not_found: { status: 422, body: () => toPoor(from(nobody)) },
  execute_at_passed: { status: 422, body: () => toPoor({ execute_at: '2026-01-01T00:00:00Z' }) },
  same_account: { status: 422, body: () => toPoor(from(bank.poor)) },
  account_kind_not_allowed: { status: 422, body: () => toBank(from(toPublic('account', accounts.funding))) },
  currency_mismatch: { status: 422, body: () => toPoor(from(bank.euros)) },
  account_closed: { status: 422, body: async () => toPoor(from(await opened('closed'))) },
  account_frozen: {
    status: 422,
    body: async () => toPoor(from(await opened('frozen'))),
    since: (_, { source }) => setStatus(source.account_id, 'open').then(() => payInto(source.account_id)),
  },
  amount_too_large: {
    status: 422,
    body: async () => {
      const funding = toPublic('account', accounts.funding);
      const key = () => aKey();
      const huge = { amount: '9'.repeat(18), ...from(funding) };
      // Nearly all that a counter takes, in steps of what one request may move.
      for (let n = 0; n < 4; n += 1) await api.call('/v1/transfers', { body: toPoor(huge), key: key() });
      return toPoor(huge);
    },
  },
  insufficient_funds: {
    status: 422,
    body: async () => toPoor(from(await opened())),
    since: (_, { source }) => payInto(source.account_id),
  },
};

const accepted: Record<string, Kind> = {
  'completed on the book': { status: 201, body: () => toPoor(), since: () => setStatus(bank.poor, 'frozen') },
  'submitting to a bank': {
    status: 201,
    body: () => toBank(),
    since: async (id) => {
      const transfer = fromPublic('transfer', id) ?? '';
      const { rows } = await pools.root.query('select carrier from ledger.transfer where id = $1', [transfer]);
      await ledger.claim(aClaim({ id: transfer, carrier: rows[0].carrier, sender: randomUUID() }));
      const reply = {
        source: 'reply',
        outcome: 'rejected',
        code: 'AC03',
        railReference: null,
        decisive: true,
      } as const;
      await ledger.conclude({ transferId: transfer, sendN: 1, ...reply });
    },
  },
  'scheduled, and then cancelled': {
    status: 201,
    body: () => toBank({ execute_at: in90Minutes() }),
    since: (id) => api.call(`/v1/transfers/${id}/cancellation`, { body: {} }),
  },
};

test('every refusal of the ledger is among the answers', () => {
  expect(Object.keys(declined).toSorted()).toEqual([...ledgerRefusals].toSorted());
});

const kinds = Object.entries({ ...declined, ...accepted }).map(([name, kind]) => [name, kind] as const);

test.each(kinds)('%s', async (name, { body: make, status, since }) => {
  const [key, body] = [aKey(), await make()];
  const first = await api.call('/v1/transfers', { body, key });
  expect([first.status, first.body.code]).toEqual([status, status === 422 ? name : undefined]);
  const id: string = first.body.transfer_id ?? first.body.id;
  await since?.(id, body);
  if (status === 201 && since) await setStatus(bank.poor, 'open');
  const again = await api.call('/v1/transfers', { body, key });
  expect([again.status, again.text]).toEqual([first.status, first.text]);
  for (const header of ['location', 'content-type']) expect(again.headers[header]).toBe(first.headers[header]);
  expect(again.headers['idempotent-replayed']).toBe('true');
  const { data } = (await api.call(`/v1/transfers?idempotency_key=${key}`)).body;
  expect(data.map((one: { id: string }) => one.id)).toEqual([id]);
  const { rows } = await pools.root.query<{ n: number }>(
    'select count(*)::int as n from ledger.transfer where idempotency_key = $1',
    [key],
  );
  expect(rows).toEqual([{ n: 1 }]);
});

test('an account is shown as it was opened, although it is closed', async () => {
  const [key, body] = [aKey(), { name: 'Once', currency: 'USD' }];
  const first = await api.call('/v1/accounts', { body, key });
  await setStatus(first.body.id, 'closed');
  expect((await api.call('/v1/accounts', { body, key })).text).toBe(first.text);
});

test('a cancellation is repeated under its key, and without one', async () => {
  const made = await api.call('/v1/transfers', { body: toBank({ execute_at: in90Minutes() }), key: aKey() });
  const [key, path] = [aKey(), `/v1/transfers/${made.body.id}/cancellation`];
  const first = await api.call(path, { body: { reason: 'x' }, key });
  expect([first.status, first.body.status]).toEqual([200, 'cancelled']);
  const again = await api.call(path, { body: { reason: 'x' }, key });
  expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
  expect((await api.call(path, { body: {} })).body.status).toBe('cancelled');
  const other = await api.call(path, { body: { reason: 'y' }, key });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});
