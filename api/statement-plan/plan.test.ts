import { expect, test } from '@jest/globals';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { freshApi, type Reply } from '../../test/support/harness/api.ts';

const { pools, ledger, api } = freshApi();

const path = '/v1/statement-plan';
/** A plan of a tenant of its own, read and changed with its key. */
async function aPlan() {
  const { tenantId } = await createAccounts(pools, ledger);
  const secret = await api.keyWith({ tenantId });
  return {
    get: (): Promise<Reply> => api.call(path, { secret }),
    patch: (body: object, ifMatch?: string): Promise<Reply> =>
      api.call(path, {
        method: 'PATCH',
        secret,
        body,
        ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
      }),
    audit: async () => (await api.call('/v1/audit?limit=1', { secret })).body.data[0],
  };
}
const brand = { name: 'Acme Bank', address: ['1 Street', 'Town'], inquiry: 'help@acme.example', accent: '#1f4e79' };

test('every tenant has a plan, and its month that is not over', async () => {
  const { get } = await aPlan();
  const plan = await get();
  expect([plan.status, plan.headers['etag']]).toEqual([200, '"1"']);
  expect(plan.body).toMatchObject({ object: 'statement_plan', zone: 'UTC', locale: 'en-GB', quiet: 'quarterly' });
  const { starts_at: start, ends_at: end, month } = plan.body.next;
  expect([Date.parse(start) <= Date.now(), Date.parse(end) > Date.now()]).toEqual([true, true]);
  expect(new Date(Date.parse(end) - 1).toISOString().slice(0, 7)).toBe(month);
});

test('what was read is sent back with one field changed, on the condition that nobody changed it since', async () => {
  const { get, patch, audit } = await aPlan();
  const read = await get();
  const changed = await patch({ ...read.body, brand, quiet: 'monthly' }, read.headers['etag']);
  const moving = { version: 2, updated_at: changed.body.updated_at };
  expect(changed.body).toEqual({ ...read.body, brand, quiet: 'monthly', ...moving });
  expect([changed.headers['etag'], (await get()).text]).toEqual(['"2"', changed.text]);
  expect(await audit()).toMatchObject({ action: 'statement_plan.changed', after: { quiet: 'monthly' } });
  for (const late of [
    await patch({ quiet: 'skipped' }, '"1"'),
    await patch({ quiet: 'skipped', version: 1 }),
    await patch({ quiet: 'skipped', version: 2 }, '"1"'),
  ])
    expect([late.status, late.body.code]).toEqual([412, 'precondition_failed']);
  expect((await get()).body.quiet).toBe('monthly');
  const refused = await patch({ object: 'x' });
  expect([refused.status, refused.body.errors[0]]).toMatchObject([400, { pointer: '/object', code: 'read_only' }]);
});

test('a colour in capitals is the same one, and a field that is missing is said to be required', async () => {
  const { patch } = await aPlan();
  expect((await patch({ brand: { ...brand, accent: '#1F4E79' } })).body.brand.accent).toBe('#1f4e79');
  const { inquiry: _, ...others } = brand;
  expect((await patch({ brand: others })).body.errors).toMatchObject([
    { pointer: '/brand/inquiry', message: 'is required' },
  ]);
});

test('another zone moves the end of the month, not its beginning', async () => {
  const { get, patch } = await aPlan();
  const before = (await get()).body.next;
  const { next, zone } = (await patch({ zone: 'Pacific/Kiritimati' })).body;
  expect([zone, next.month, next.starts_at]).toEqual(['Pacific/Kiritimati', before.month, before.starts_at]);
  expect(Date.parse(before.ends_at) - Date.parse(next.ends_at)).toBe(14 * 3_600_000);
});

test.each([
  ['a zone that nobody knows', { zone: 'Mars/Olympus_Mons' }, '/zone'],
  ['a locale without words', { locale: 'tlh' }, '/locale'],
  ['a colour that cannot be read on white', { brand: { ...brand, accent: '#ffff00' } }, '/brand/accent'],
  ['a colour that is none', { brand: { ...brand, accent: 'red' } }, '/brand/accent'],
  ['a brand without an inquiry', { brand: { name: 'A', address: [], accent: '#000000' } }, '/brand/inquiry'],
  ['more years than anybody keeps', { keep_years: 16 }, '/keep_years'],
  ['nothing', {}, ''],
])('%s is refused, and nothing is changed', async (_, body, pointer) => {
  const { get, patch } = await aPlan();
  const refused = await patch(body);
  expect([refused.status, refused.body.code, refused.body.errors?.[0].pointer]).toEqual([
    400,
    'validation_failed',
    pointer,
  ]);
  expect((await get()).headers['etag']).toBe('"1"');
});
