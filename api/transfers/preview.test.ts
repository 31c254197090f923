import { beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../../domain/ids.ts';
import { tenantScopes } from '../../domain/scope.ts';
import { anAccount, setStatus } from '../../test/support/fixtures/accounts.ts';
import { setBreaker } from '../../test/support/fixtures/rail.ts';
import { aKey, callOf, freshApi } from '../../test/support/harness/api.ts';

const { pools, accounts, api } = freshApi();
let ids: Record<string, string> = {};
beforeAll(async () => {
  const { tenantId } = accounts;
  const [frozen, closed, euros] = [
    await anAccount(pools, { tenantId }),
    await anAccount(pools, { tenantId }),
    await anAccount(pools, { tenantId, currency: 'EUR' }),
  ];
  await setStatus(pools, { id: frozen, tenantId, status: 'frozen' });
  await setStatus(pools, { id: closed, tenantId, status: 'closed' });
  const all = { ...accounts, frozen, closed, euros, nobody: uuidV7() };
  ids = Object.fromEntries(Object.entries(all).map(([name, id]) => [name, toPublic('account', id)]));
});

const bank = { routing_number: '021000021', account_number: '1234567890', name: 'Ada Lovelace' };
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const body = (source: string, destination: string | null, more: object = {}) => ({
  ...{ rail: destination === null ? 'instant' : 'book', amount: '100', currency: 'USD' },
  source: { account_id: ids[source] },
  destination: destination === null ? { bank } : { account_id: ids[destination] },
  ...more,
});
/** The rows of each table that a transfer writes. */
const rows = async () =>
  (
    await pools.root.query(`select (select count(*) from ledger.transfer)::int as transfers, (select count(*) from ledger.idempotency_key)::int as keys,
      (select count(*) from ledger.event)::int as events, (select count(*) from ledger.batch)::int as batches, (select sum(version) from ledger.balance)::int as balances`)
  ).rows[0];

test.each<[string, () => object]>([
  ['a book transfer', () => body('ada', 'grace')],
  ['a transfer to a bank', () => body('ada', null)],
  ['one of tomorrow', () => body('ada', null, { execute_at: tomorrow() })],
  ['more than there is', () => body('ada', 'grace', { amount: '99999999' })],
  ['an account that is not there', () => body('nobody', 'grace')],
  ['one account twice', () => body('ada', 'ada')],
  ['another currency', () => body('ada', 'euros')],
  ['a frozen account', () => body('ada', 'frozen')],
  ['a closed account', () => body('closed', 'grace')],
  ['a kind that a rail does not take', () => body('funding', null)],
  ['an amount that no account can take', () => body('funding', 'grace', { amount: '999999999999999999' })],
])('%s: the preview says what the ledger then decides, and stores nothing', async (_, make) => {
  const request = make();
  const before = await rows();
  const preview = await api.call('/v1/transfers/preview', { body: request });
  expect(preview.status).toBe(200);
  expect(await rows()).toEqual(before);
  const made = await api.call('/v1/transfers', { body: request, key: aKey() });
  expect(preview.body).toMatchObject(
    made.status === 201
      ? { accepted: true, status: made.body.status, refusal: null }
      : {
          accepted: false,
          status: 'declined',
          refusal: { code: made.body.code, detail: made.body.detail },
          next: null,
        },
  );
  const { what, waiting_for: waitingFor } = made.body.next ?? {};
  if (what) expect(preview.body.next).toMatchObject({ what, waiting_for: waitingFor });
});

test('while the rail is down it says that the transfer would wait, and until when', async () => {
  await setBreaker(pools, 'open');
  const preview = await api.call('/v1/transfers/preview', { body: body('ada', null) });
  expect(preview.body).toMatchObject({
    accepted: true,
    status: 'scheduled',
    next: { what: 'send_when_rail_recovers', waiting_for: 'rail' },
  });
  await setBreaker(pools, 'closed');
});

test('the body is read as that of a transfer, and a key is not used', async () => {
  const wrong = await api.call('/v1/transfers/preview', { body: { ...body('ada', 'grace'), amount: '-1' } });
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([400, '/amount']);
  const key = aKey();
  expect((await api.call('/v1/transfers/preview', { body: body('ada', 'grace'), key })).status).toBe(200);
  expect((await api.call('/v1/transfers', { body: body('ada', 'grace'), key })).headers['idempotent-replayed']).toBe(
    undefined,
  );
});

test('who may not make the transfer gets no preview of it', async () => {
  const scopes = tenantScopes.filter((scope) => scope !== 'funding:write');
  const call = callOf(api.url, await api.keyWith({ scopes }));
  expect((await call('/v1/transfers/preview', { body: body('funding', 'ada') })).status).toBe(403);
});
