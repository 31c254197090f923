import { expect, test } from '@jest/globals';
import { bankOf, mask, ofScheme, schemeNames, schemes, toBankAccount } from './destination.ts';

const account = { scheme: 'us_account', routingNumber: '021000021', accountNumber: '1234567890', name: 'Ada' } as const;

test('every scheme parses its own example, names its bank, and masks part of the account', () => {
  for (const scheme of schemeNames) {
    const { example, fields } = schemes[scheme];
    const { scheme: tag, ...members } = example;
    expect(tag).toBe(scheme);
    expect(Object.keys(members).sort()).toEqual(Object.keys(fields).sort());
    expect(toBankAccount(scheme, members)).toEqual(example);
    expect(bankOf(example)).not.toBe('');
    expect(mask(example)).not.toEqual(example);
    for (const [member, rule] of Object.entries(fields))
      if ('form' in rule) expect(members[member as keyof typeof members]).toMatch(rule.form);
  }
});

test.each([
  ['1234567890', '****7890'],
  ['12345', '****2345'],
  ['1234', '****'],
  ['1', '****'],
])('the account number %s is shown as %s', (accountNumber, shown) => {
  expect(mask({ ...account, accountNumber })).toEqual({ ...account, accountNumber: shown });
});

test('the bank of a US account is its routing number', () => {
  expect(bankOf(account)).toBe('021000021');
});

test('an account without one of its members is a bug', () => {
  expect(() => toBankAccount('us_account', { routingNumber: '021000021', name: 'Ada' })).toThrow('all of its members');
});

test('a rail is given an account of its scheme, or throws', () => {
  expect(ofScheme(account, 'us_account')).toBe(account);
  const other = { ...account, scheme: 'iban' } as unknown as typeof account;
  expect(() => ofScheme(other, 'us_account')).toThrow('takes accounts of the scheme us_account, not iban');
});
