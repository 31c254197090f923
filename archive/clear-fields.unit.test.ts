import { expect, test } from '@jest/globals';
import { toPublic } from '../domain/ids.ts';
import { files, read } from '../test/support/tree.ts';
import { clearAct, clearEvidence } from './clear-fields.ts';
import { actor } from './clear-forms.ts';

const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';

/** The code of the ledger that writes acts, and which. */
const writers = files(/^ledger\/.*\.sql$/)
  .map((file) => read(file).replaceAll(/--.*$/gm, ''))
  .filter((code) => /perform write_(audit|change)\(/.test(code));
const actions = writers.flatMap((code) => [...code.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, action = '']) => action));

test('of every act that the ledger writes it is decided what may be read: its subject is', () => {
  expect(actions.length).toBeGreaterThan(20);
  const isKnown = (action: string) =>
    [uuid, '2026-10', 'instant', '2'].some((subject) => clearAct(action, { subject, detail: {} }).subject !== null);
  expect(actions.filter((action) => !isKnown(action))).toEqual([]);
});

test('of every member of the evidence of a transfer it is decided: the others are only committed to', () => {
  const code = read('ledger/commit/state-change.sql').split('function ledger.evidence_of')[1] ?? '';
  const members = [...code.matchAll(/^ {2}'([a-z_]+)', /gm)].map(([, name = '']) => name);
  const onlyCommitted = ['rail_reference', 'reason'];
  const clear = clearEvidence('transfer', {
    ...{ source: 'reply', code: 'AM04', send: 2, entry_id: uuid, actor: 'operator', reversed_by_id: uuid },
    outcome: 'accepted',
    next: { what: 'inquire', at: '2026-10-01T00:00:00.000Z', waiting_for: 'answer', note: 'Ada' },
    refusal: { code: 'insufficient_funds', detail: 'AM04' },
  });
  expect(members.toSorted()).toEqual([...Object.keys(clear), ...onlyCommitted].toSorted());
  expect(clear['next']).toEqual({ what: 'inquire', at: '2026-10-01T00:00:00.000Z', waiting_for: 'answer' });
  expect(clear['entry_id']).toBe(toPublic('entry', uuid));
});

/** What people write, and what is about them, in every place where something could be. */
const canary = 'Ada Lovelace, 12 St James Square';
const personal = {
  ...{ name: canary, reference: canary, description: canary, metadata: { a: canary }, reason: canary, why: canary },
  ...{ url: `https://shop.example/${canary}`, addresses: ['192.0.2.7'], last4: 'x7Qz', rail_reference: canary },
  ...{ disabled_reason: canary, brand: { name: canary, address: [canary] }, unknown: canary, constructor: canary },
  // Values that have not the form of their field.
  ...{ source: canary, code: 'DE89370400440532013000', kind: canary, status: canary, currency: canary, zone: canary },
  ...{ entry_id: canary, account_id: 'ac_x', account_ids: [uuid, canary], event_types: ['transfer.*', canary] },
  ...{
    amount: `1${canary}`,
    send: canary,
    expires_at: canary,
    month: canary,
    document_sha256: canary,
    revoked: canary,
  },
  ...{ next: canary, refusal: [canary], first: canary, format: canary, scopes: canary, locale: canary },
};

test('what people write, or what has another form than its field, is read nowhere', () => {
  const subjects = [
    'transfer',
    'account',
    'hold',
    'entry',
    'api_key',
    'webhook_endpoint',
    'statement',
    'statement_run',
    'checkpoint',
  ] as const;
  for (const subject of subjects) expect(clearEvidence(subject, personal)).toEqual({});
  for (const action of [...actions, 'of.another', '__proto__', 'constructor']) {
    const detail = { ...personal, before: personal, after: personal };
    expect(clearAct(action, { subject: canary, detail })).toEqual({ subject: null, detail: {} });
  }
});

test.each([
  ['tenant.limited', uuid, { before: { rate_limit: 5 }, after: {} }, { before: { rate_limit: 5 } }],
  ['api_key.created', uuid, { after: { name: 'a', amount_max: 2 ** 60 } }, {}],
  [
    'api_key.created',
    uuid,
    { after: { scopes: ['accounts:read', 'operations'], amount_max: 500, account_ids: [uuid] } },
    { after: { scopes: ['accounts:read', 'operations'], amount_max: '500', account_ids: [toPublic('account', uuid)] } },
  ],
  [
    'account.changed',
    uuid,
    { after: { overdraft_limit: '-9223372036854775808' } },
    { after: { overdraft_limit: '-9223372036854775808' } },
  ],
  ['account.changed', uuid, { after: { overdraft_limit: '9223372036854775808' } }, {}],
  [
    'statement_plan.changed',
    uuid,
    { after: { zone: 'America/Argentina/Buenos_Aires' } },
    { after: { zone: 'America/Argentina/Buenos_Aires' } },
  ],
  ['statement_month.retried', 'on_request', { statements: 3 }, { statements: 3 }],
  [
    'webhook_endpoint.changed',
    uuid,
    { after: { event_types: ['transfer.*', 'api_key.rotated'] } },
    { after: { event_types: ['transfer.*', 'api_key.rotated'] } },
  ],
])('of %s is read what is listed', (action, subject, detail, clear) => {
  expect(clearAct(action, { subject, detail }).detail).toEqual(clear);
});

test('a number in JSON that is no longer exact is not read as an amount', () => {
  expect(clearAct('api_key.created', { subject: uuid, detail: { after: { amount_max: 2 ** 53 } } }).detail).toEqual({});
});

test('a key that acted is named as clients name it, an operator as the program does', () => {
  expect(actor(`api_key:${uuid}`)).toBe(`api_key:${toPublic('apiKey', uuid)}`);
  expect(actor('operator')).toBe('operator');
  expect(actor('api_key:------------------------------------')).toBe('api_key:------------------------------------');
});
