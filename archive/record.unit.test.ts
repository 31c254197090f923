import { createHmac, createSecretKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { toPublic } from '../domain/ids.ts';
import type { ArchiveActRow, ArchiveEntryRow, ArchiveEventRow } from '../ledger/archive/rows.ts';
import { accessKind, actKind, entryKind, eventKind, refusedSignInKind, statementKind } from './kinds.ts';
import { type BuiltRecord, buildRecord, compareRecords } from './record.ts';

const id = (last: number): string => `01890a5d-ac96-774b-bcce-${String(last).padStart(12, '0')}`;
const row = { id: id(1), tenantId: id(9), xid: '731', at: '2026-10-01T10:00:00.000Z', place: '' };
const own = { t: '', tenant: toPublic('tenant', id(9)), xid: '731', at: row.at };
const salt = createSecretKey(Buffer.alloc(32, 7));

const anEntry: ArchiveEntryRow = {
  ...row,
  ...{ transferId: id(2), reversesId: null, batchId: '12', effectiveAt: row.at, description: 'rent', metadata: {} },
  saltAccountId: id(3),
  legs: [
    { leg: 1, side: 'debit', accountId: id(3), currency: 'USD', amount: '2500', seq: '4', balanceAfter: '7500' },
    { leg: 1, side: 'credit', accountId: id(4), currency: 'USD', amount: '2500', seq: '9', balanceAfter: '-1' },
  ],
};
const anEvent: ArchiveEventRow = {
  ...row,
  ...{
    subjectType: 'transfer',
    subjectId: id(2),
    version: 3,
    fromState: null,
    cause: 'accepted',
    toState: 'completed',
  },
  ...{ batchId: '12', evidence: { source: 'reply', rail_reference: 'R-1' }, saltAccountId: id(3) },
};
const anAct: ArchiveActRow = {
  ...row,
  ...{ actor: `api_key:${id(5)}`, action: 'account.opened', subject: id(3) },
  detail: { before: null, after: { name: 'Ada', kind: 'customer' } },
};

test('a record of an entry is canonical, has every posting, and only a commitment to what clients wrote', () => {
  const secret = entryKind.secretOf(anEntry);
  expect(secret).toEqual({ subjectId: id(3), value: { description: 'rent', metadata: {} } });
  const { text, ...record } = buildRecord(entryKind, anEntry, { value: secret?.value, salt });
  expect(record).toEqual({ type: 'entry', id: toPublic('entry', id(1)), tenantId: id(9), xid: '731', at: row.at });
  const commitment = createHmac('sha256', salt).update('{"description":"rent","metadata":{}}').digest('hex');
  expect(JSON.parse(text)).toEqual({
    ...own,
    t: 'entry',
    ...{ id: toPublic('entry', id(1)), transfer: toPublic('transfer', id(2)), reverses: null, batch: '12' },
    effective_at: row.at,
    legs: [
      {
        leg: 1,
        side: 'debit',
        account: toPublic('account', id(3)),
        currency: 'USD',
        amount: '2500',
        seq: '4',
        balance_after: '7500',
      },
      {
        leg: 1,
        side: 'credit',
        account: toPublic('account', id(4)),
        currency: 'USD',
        amount: '2500',
        seq: '9',
        balance_after: '-1',
      },
    ],
    commitment,
  });
  expect(text.startsWith('{"at":"2026-10-01T10:00:00.000Z","batch":"12","commitment":"')).toBe(true);
  expect(text).not.toMatch(/rent|\n/);
});

test('where nothing was written there is no commitment', () => {
  const silent = { ...anEntry, description: null };
  expect(entryKind.secretOf(silent)).toBeNull();
  expect(JSON.parse(buildRecord(entryKind, silent, null).text)).not.toHaveProperty('commitment');
  expect(entryKind.secretOf({ ...silent, metadata: { a: 'b' } })).not.toBeNull();
  expect(eventKind.secretOf({ ...anEvent, evidence: {} })).toBeNull();
  expect(actKind.secretOf({ ...anAct, detail: {} })).toBeNull();
});

test('an event and an act have what may be read, and commit to the whole', () => {
  expect(eventKind.secretOf(anEvent)).toEqual({ subjectId: id(3), value: anEvent.evidence });
  expect(eventKind.secretOf({ ...anEvent, saltAccountId: null })?.subjectId).toBe(id(9));
  expect(eventKind.bodyOf(anEvent, 'c')).toEqual({
    ...{ id: toPublic('event', id(1)), subject_type: 'transfer', subject: toPublic('transfer', id(2)), version: 3 },
    ...{ from: null, cause: 'accepted', to: 'completed', batch: '12', evidence: { source: 'reply' }, commitment: 'c' },
  });
  expect(actKind.secretOf(anAct)).toEqual({ subjectId: id(3), value: anAct.detail });
  expect(actKind.bodyOf(anAct, 'c')).toEqual({
    ...{ id: toPublic('auditRecord', id(1)), actor: `api_key:${toPublic('apiKey', id(5))}`, action: 'account.opened' },
    ...{ subject: toPublic('account', id(3)), detail: { after: { kind: 'customer' } }, commitment: 'c' },
  });
  expect(
    actKind.secretOf({ ...anAct, action: 'rail.paused', tenantId: null, subject: 'instant' })?.subjectId,
  ).toBeNull();
});

test('a statement names its objects in one sequence', () => {
  const object = { key: 'k', versionId: 'v', sha256: 's', bytes: 1 };
  const figures = { opening: '0', closing: '5', moneyIn: '5', moneyOut: '0', countIn: 1, countOut: 0 };
  const body = statementKind.bodyOf(
    {
      ...row,
      ...{ accountId: id(3), kind: 'monthly', number: 1, edition: 1, month: '2026-10', fromSeq: '0', toSeq: '1' },
      ...{ ...figures, documentSha256: 'ab' },
      objects: [
        { ...object, format: 'pdf', part: 0 },
        { ...object, format: 'json', part: 2 },
        { ...object, format: 'json', part: 0 },
      ],
    },
    null,
  );
  expect(body).toMatchObject({ id: toPublic('statement', id(1)), account: toPublic('account', id(3)), from_seq: '0' });
  const stored = { key: 'k', version_id: 'v', sha256: 's', bytes: 1 };
  expect(body['objects']).toEqual([
    { format: 'json', part: 0, ...stored },
    { format: 'json', part: 2, ...stored },
    { format: 'pdf', part: 0, ...stored },
  ]);
});

test('reads and refused sign-ins: who and how often, and where from only as a commitment', () => {
  const read = { ...row, actor: `api_key:${id(5)}`, count: 3 };
  expect(accessKind.bodyOf({ ...read, subjectType: 'balance', subjectId: id(3) }, null)).toEqual({
    ...{ id: id(1), minute: row.at, actor: `api_key:${toPublic('apiKey', id(5))}`, subject_type: 'balance' },
    ...{ subject: toPublic('account', id(3)), count: 3 },
  });
  expect(accessKind.bodyOf({ ...read, subjectType: 'statement', subjectId: null }, null)['subject']).toBeNull();
  const refused = {
    ...{ ...row, tenantId: null, reason: 'unknown_key', last4: 'x7Qz', sourceHash: 'ab', count: 5 },
    ...{ firstAt: row.at, lastAt: row.at },
  };
  expect(refusedSignInKind.secretOf(refused)).toEqual({ subjectId: null, value: 'ab' });
  expect(refusedSignInKind.secretOf({ ...refused, sourceHash: null })).toBeNull();
  expect(JSON.parse(buildRecord(refusedSignInKind, refused, { value: 'ab', salt }).text)).toEqual({
    ...{ t: 'sign_in_refused', tenant: null, xid: '731', at: row.at, id: id(1), window_at: row.at },
    ...{ reason: 'unknown_key', last4: 'x7Qz', count: 5, first_at: row.at, last_at: row.at },
    source_commitment: createHmac('sha256', salt).update('"ab"').digest('hex'),
  });
});

test('records are sorted by transaction as a number, then by type, then by id', () => {
  const one = (xid: string, type: BuiltRecord['type'], name: string): BuiltRecord => ({
    ...{ xid, type, id: name, tenantId: null, at: '', text: '' },
  });
  const sorted = [one('9', 'event', 'a'), one('10', 'act', 'b'), one('10', 'entry', 'a'), one('10', 'entry', 'b')];
  expect(sorted.toReversed().toSorted(compareRecords)).toEqual(sorted);
});
