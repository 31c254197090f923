import { expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { checkKey } from '../../storage/key.ts';
import { type Keyed, keyOf } from './keys.ts';

const tenantId = '01890a5d-ac96-774b-bcce-b302099a8057';
const accountId = '01890a5d-ac96-774b-bcce-b302099a8058';
const folder = `${toPublic('tenant', tenantId)}/${toPublic('account', accountId)}`;
const numbered = { tenantId, accountId, number: 3, edition: 2, month: '2026-10' };

test.each<[string, Keyed, number, string]>([
  ['a month', { facts: { ...numbered, kind: 'monthly' }, day: null, sequenceOfDay: null }, 0, '2026-10-3-2'],
  ['a final one', { facts: { ...numbered, kind: 'final' }, day: null, sequenceOfDay: null }, 0, '2026-10-3-2'],
  ['a part', { facts: { ...numbered, kind: 'monthly' }, day: null, sequenceOfDay: null }, 12, '2026-10-3-2.p12'],
  [
    'one on request',
    {
      facts: { tenantId, accountId, kind: 'interim', number: null, edition: 1, month: null },
      day: '20261101',
      sequenceOfDay: 2,
    },
    0,
    '0-20261101-2-1',
  ],
])('the objects of %s are named by ids and numbers', (_, statement, part, name) => {
  for (const format of ['json', 'pdf'] as const) {
    const key = keyOf(statement, { part, format });
    expect(key).toBe(`${folder}/${name}.${format}`);
    expect(() => checkKey(key)).not.toThrow();
  }
});

test('a numbered one without its number, or an interim one without its day, is a bug', () => {
  const facts = { tenantId, accountId, number: null, edition: 1, month: null };
  for (const kind of ['monthly', 'interim'] as const)
    expect(() =>
      keyOf({ facts: { ...facts, kind }, day: null, sequenceOfDay: null }, { part: 0, format: 'pdf' }),
    ).toThrow('statement');
});
