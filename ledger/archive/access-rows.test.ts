import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { type AccessRow, accessesMax, noteAccesses } from './note-accesses.ts';
import { noteRefusedSignIns, type RefusedSignInRow, refusedSignInsMax } from './note-refused-sign-ins.ts';

const { pools } = freshLedger();
const at = '2026-11-01T10:00:00.123Z';

const anAccess = (changes: Partial<AccessRow> = {}): AccessRow => ({
  ...{ id: uuidV7(), tenantId: uuidV7(), minute: at, actor: 'api_key:x', subjectType: 'account' },
  ...{ subjectId: uuidV7(), count: 3, ...changes },
});
const aRefusal = (changes: Partial<RefusedSignInRow> = {}): RefusedSignInRow => ({
  ...{ id: uuidV7(), tenantId: null, windowAt: at, reason: 'made_up_key', last4: 'abcd' },
  ...{ sourceHash: 'ab'.repeat(32), count: 3, firstAt: at, lastAt: '2026-11-01T10:00:09.000Z', ...changes },
});
const many = <Row>(count: number, one: () => Row): Row[] => Array.from({ length: count }, one);
const rowsOf = async (table: string, id: string) => {
  const text = `select to_jsonb(r) - 'xid' as row, xid::text from ledger.archive_${table} r where id = $1`;
  return (await pools.root.query<{ row: object; xid: string }>(text, [id])).rows;
};

test('a row is written as it is, and sent again it stays what it was, whatever is said then', async () => {
  const [access, refusal] = [anAccess({ subjectId: null }), aRefusal({ last4: null, sourceHash: null })];
  expect([await noteAccesses(pools.api, [access]), await noteRefusedSignIns(pools.api, [refusal])]).toEqual([1, 1]);
  const before = [await rowsOf('access', access.id), await rowsOf('refused_sign_in', refusal.id)];
  expect(before.map((rows) => rows[0]?.row)).toMatchObject([
    {
      actor: 'api_key:x',
      subject_type: 'account',
      subject_id: null,
      count: 3,
      minute: '2026-11-01T10:00:00.123+00:00',
    },
    { reason: 'made_up_key', tenant_id: null, last4: null, source_hash: null, count: 3 },
  ]);
  expect(await noteAccesses(pools.api, [{ ...access, count: 9 }, anAccess()])).toBe(1);
  expect(await noteRefusedSignIns(pools.api, [{ ...refusal, count: 9 }, aRefusal()])).toBe(1);
  expect([await rowsOf('access', access.id), await rowsOf('refused_sign_in', refusal.id)]).toEqual(before);
});

test('a call takes so many rows in one commit, and none when there are more', async () => {
  const accesses = many(accessesMax, anAccess);
  expect(await noteAccesses(pools.api, accesses)).toBe(accessesMax);
  const refusals = many(refusedSignInsMax, aRefusal);
  expect(await noteRefusedSignIns(pools.api, refusals)).toBe(refusedSignInsMax);
  const xids = async (table: string, ids: string[]) =>
    (await pools.root.query(`select distinct xid from ledger.archive_${table} where id = any($1)`, [ids])).rowCount;
  expect(
    await xids(
      'access',
      accesses.map(({ id }) => id),
    ),
  ).toBe(1);
  expect(
    await xids(
      'refused_sign_in',
      refusals.map(({ id }) => id),
    ),
  ).toBe(1);
  await expect(noteAccesses(pools.api, many(accessesMax + 1, anAccess))).rejects.toThrow('at most 2000');
  await expect(noteRefusedSignIns(pools.api, many(refusedSignInsMax + 1, aRefusal))).rejects.toThrow('at most 200');
});

test('nothing to write is no fault, and a row that says nothing takes the whole call back', async () => {
  expect([await noteAccesses(pools.api, []), await noteRefusedSignIns(pools.api, [])]).toEqual([0, 0]);
  const good = anAccess();
  await expect(noteAccesses(pools.api, [good, anAccess({ count: 0 })])).rejects.toMatchObject({ code: '23514' });
  expect(await rowsOf('access', good.id)).toEqual([]);
});

test('several calls with the same rows at once leave each row once', async () => {
  const rows = many(50, anAccess);
  const written = await Promise.all([1, 2, 3, 4].map(() => noteAccesses(pools.api, rows)));
  expect(written.reduce((sum, n) => sum + n, 0)).toBe(50);
});
