import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { page } from './page.ts';
import { behaviourOf, hangMaxMs, rejectCodes, transportFaults } from './triggers.ts';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

test.each(Object.entries(transportFaults))(
  'the page and the README tell what 7730%s does',
  (code, { summary, timing }) => {
    for (const text of [page('http://bank'), readme]) {
      expect(text).toContain(`7730${code}tt`);
      expect(text).toContain(summary);
      expect(text).toContain(timing);
    }
  },
);

test.each(rejectCodes.map((code, index) => [code, index + 1] as const))('%s is reject code %i', (code, index) => {
  const account = `7720${String(index).padStart(3, '0')}00`;
  const { truth, reply } = behaviourOf(account);
  expect((reply ?? truth).status).toBe('rejected');
  expect((reply ?? truth).code).toBe(code);
  expect(page('http://bank')).toContain(account);
  expect(readme).toContain(`${String(index).padStart(3, '0')} ${code}`);
});

test('DUPL is the answer for an instruction that the bank accepted', () => {
  expect(behaviourOf('772000900').truth.status).toBe('accepted');
});

test.each([
  '',
  '1',
  '770000000',
  '77200010',
  '7720001000',
  '772000000',
  '772001700',
  '773001400',
  '773199900',
  'a773000500',
])('account %p is accepted', (account) => {
  expect(behaviourOf(account)).toEqual(behaviourOf('000123456'));
});

test.each([
  ['773000600', hangMaxMs],
  ['773000603', 300],
  ['773000699', 9_900],
])('account %s hangs %i ms', (account, ms) => {
  expect(behaviourOf(account).firstReply.delivery).toEqual({ kind: 'hang', ms });
});
