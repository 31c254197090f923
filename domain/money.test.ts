import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bug } from './check.ts';
import { amountForm, type Currency, currencies, formatMoney, isCurrency, toAmount } from './money.ts';

const codes = Object.keys(currencies) as Currency[];

test('every currency has an ISO code, a name and an exponent', () => {
  for (const [code, { name, exponent }] of Object.entries(currencies)) {
    expect(code).toMatch(/^[A-Z]{3}$/);
    expect(name).not.toBe('');
    expect([0, 2, 3]).toContain(exponent);
  }
});

test.each(['usd', 'US', 'USDT', '', 'toString', '__proto__', 'XXX'])('%j is not a currency of ours', (code) => {
  expect(isCurrency(code)).toBe(false);
});

test.each([
  [1250n, 'USD', '12.50 USD'],
  [5n, 'USD', '0.05 USD'],
  [0n, 'USD', '0.00 USD'],
  [-5n, 'EUR', '-0.05 EUR'],
  [-123456n, 'USD', '-1234.56 USD'],
  [1250n, 'JPY', '1250 JPY'],
  [0n, 'JPY', '0 JPY'],
  [1250n, 'KWD', '1.250 KWD'],
  [7n, 'BHD', '0.007 BHD'],
  [999999999999999999n, 'USD', '9999999999999999.99 USD'],
])('%p %s reads %j', (amount, currency, text) => {
  expect(formatMoney({ amount, currency })).toBe(text);
});

test('what formatMoney writes holds every digit of the amount', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }), fc.constantFrom(...codes), (amount, currency) => {
      const digits = formatMoney({ amount, currency }).slice(0, -4).replace('.', '');
      expect(BigInt(digits)).toBe(amount);
    }),
  );
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

test('an amount goes to text and back unchanged, up to what a bigint column holds', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (amount) => {
      expect(toAmount(amount.toString())).toBe(amount);
    }),
  );
});

test.each(['', '1.5', '0x10', '1e3', ' 1', '1 ', '--1', '-', '00', '01', '12345678901234567890'])(
  'toAmount(%j) is a Bug',
  (text) => {
    expect(() => toAmount(text)).toThrow(Bug);
  },
);

test('every amount that the wire allows can be read', () => {
  fc.assert(
    fc.property(fc.stringMatching(amountForm), (text) => {
      expect(toAmount(text) > 0n).toBe(true);
    }),
  );
});
