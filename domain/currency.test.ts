import { expect, test } from '@jest/globals';
import { amountForm, currencies } from './currency.ts';

test('every currency has an ISO code, a name and an exponent', () => {
  for (const [code, { name, exponent }] of Object.entries(currencies)) {
    expect(code).toMatch(/^[A-Z]{3}$/);
    expect(name).not.toBe('');
    expect([0, 2, 3]).toContain(exponent);
  }
});

test.each([
  ['1', true],
  ['999999999999999999', true],
  ['0', false],
  ['01', false],
  ['-1', false],
  ['+1', false],
  ['1.0', false],
  ['1e3', false],
  [' 1', false],
  ['1\n', false],
  ['1000000000000000000', false],
  ['１', false],
  ['', false],
])('an amount on the wire: %j is %p', (text, expected) => {
  expect(amountForm.test(text)).toBe(expected);
});
