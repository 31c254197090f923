import { beforeAll, expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import type { RefusalCode } from '../../domain/refusals.ts';
import { type Bank, openBank } from '../support/fixtures/money-requests.ts';
import { aKey, freshApi } from '../support/harness/api.ts';
import { changeOf, countRows } from '../support/harness/row-counts.ts';

/**
 * Requests of the right form that the ledger refuses: the refusal is kept, and is all that is kept. A transfer that is declined is
 * one row with its key, its event and a notice for each endpoint; a refused entry or hold is the request and its key.
 */
const { pools, api } = freshApi();
let bank: Bank;
let ids: Record<'frozen' | 'closed' | 'nobody' | 'funding' | 'another', string>;

beforeAll(async () => {
  bank = await openBank(api.call);
  const open = async (body: object): Promise<string> => (await api.call('/v1/accounts', { body })).body.id;
  const as = async (status: string): Promise<string> => {
    const id = await open({ name: status, currency: 'USD' });
    await api.call(`/v1/accounts/${id}`, { method: 'PATCH', body: { status } });
    return id;
  };
  ids = {
    frozen: await as('frozen'),
    closed: await as('closed'),
    funding: await open({ name: 'Outside', currency: 'USD', kind: 'funding' }),
    nobody: toPublic('account', '019a8b3c-5d6e-7f80-9a1b-2c3d4e5f6071'),
    another: await open({ name: 'Another', currency: 'USD' }),
  };
  await api.call('/v1/webhook-endpoints', { body: { url: 'https://example.com/hook' } });
});

type Party = keyof Bank | keyof typeof ids;
/** From which account to which, what else differs, and the refusal. */
type Row = [what: string, from: Party, to: Party, more: Record<string, string>, code: RefusalCode];

const ofTransfersAndHolds: Row[] = [
  ['more than there is', 'poor', 'rich', { amount: '1' }, 'insufficient_funds'],
  ['one cent more than there is', 'rich', 'poor', { amount: '1000001' }, 'insufficient_funds'],
  ['2^53 + 1', 'rich', 'poor', { amount: '9007199254740993' }, 'insufficient_funds'],
  ['18 digits', 'rich', 'poor', { amount: '999999999999999999' }, 'insufficient_funds'],
  ['the same account', 'rich', 'rich', {}, 'same_account'],
  ['an unknown source', 'nobody', 'poor', {}, 'account_not_found'],
  ['an unknown destination', 'rich', 'nobody', {}, 'account_not_found'],
  ['a frozen source', 'frozen', 'poor', {}, 'account_frozen'],
  ['a frozen destination', 'rich', 'frozen', {}, 'account_frozen'],
  ['a closed source', 'closed', 'poor', {}, 'account_closed'],
  ['a closed destination', 'rich', 'closed', {}, 'account_closed'],
  ['another currency of the source', 'euros', 'poor', {}, 'currency_mismatch'],
  ['another currency of the destination', 'rich', 'euros', {}, 'currency_mismatch'],
  ['another currency of both', 'rich', 'poor', { currency: 'EUR' }, 'currency_mismatch'],
];
const ofTransfers: Row[] = [
  ...ofTransfersAndHolds,
  [
    'a date an hour ago',
    'rich',
    'poor',
    { execute_at: new Date(Date.now() - 3_600_000).toISOString() },
    'execute_at_passed',
  ],
  ['a date of 1970', 'rich', 'poor', { execute_at: '1970-01-01T00:00:00Z' }, 'execute_at_passed'],
];

const account = (party: Party): string =>
  String(party in ids ? ids[party as keyof typeof ids] : bank[party as keyof Bank]);

/** Sends it, and expects its refusal and these rows. */
async function expectKept(path: string, body: object, [status, code]: [number, string], kept: object): Promise<void> {
  const before = await countRows(pools.root);
  const key = aKey();
  const answer = await api.call(path, { body, key });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  const after = await countRows(pools.root);
  expect(changeOf(before, after)).toEqual(kept);
  const again = await api.call(path, { body, key });
  expect([again.text, again.headers['idempotent-replayed']]).toEqual([answer.text, 'true']);
  expect(changeOf(after, await countRows(pools.root))).toEqual({});
}

const money = ([, from, to, more]: Row) => ({
  ...{ amount: '5', currency: 'USD', ...more },
  ...{ source: { account_id: account(from) }, destination: { account_id: account(to) } },
});

test.each(ofTransfers)('a transfer with %s is one declined transfer', async (...row) => {
  const kept = { batch: 1, event: 1, idempotency_key: 1, notice_due: 1, transfer: 1 };
  await expectKept('/v1/transfers', { rail: 'book', ...money(row) }, [422, row[4]], kept);
  const { body } = await api.call('/v1/transfers?status=declined&limit=1');
  expect(body.data[0]).toMatchObject({ status: 'declined', refusal: { code: row[4] }, entry_ids: [] });
});

test.each(ofTransfersAndHolds)('a hold with %s is a refused request', async (...row) => {
  await expectKept('/v1/holds', money(row), [422, row[4]], { hold_request: 1, idempotency_key: 1 });
});

test.each(ofTransfersAndHolds)('an entry with %s is a refused request', async (...row) => {
  const [, from, to, more] = row;
  const leg = {
    ...{ amount: '5', currency: 'USD', ...more },
    debit_account_id: account(from),
    credit_account_id: account(to),
  };
  await expectKept('/v1/entries', { legs: [leg] }, [422, row[4]], { entry_request: 1, idempotency_key: 1 });
});
