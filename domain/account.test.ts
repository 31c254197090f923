import { expect, test } from '@jest/globals';
import { accountKinds, accountStatuses } from './account.ts';
import { Bug, check } from './check.ts';

test.each([
  ['customer', 'credit', 'client'],
  ['funding', 'debit', 'client'],
  ['clearing', 'credit', 'platform'],
  ['bank', 'debit', 'platform'],
  ['fees', 'credit', 'platform'],
  ['suspense', 'credit', 'platform'],
] as const)('a %s account grows on the %s side and is opened by the %s', (kind, normal, openedBy) => {
  expect(accountKinds[kind]).toEqual({ normal, openedBy });
});

test('there is no other kind, and there are three statuses', () => {
  expect(Object.keys(accountKinds)).toHaveLength(6);
  expect(accountStatuses).toEqual(['open', 'frozen', 'closed']);
});

test('check passes a true condition, and throws a Bug with the sentence for a false one', () => {
  expect(() => check(true, 'unused')).not.toThrow();
  for (const falsy of [false, 0, '', null, undefined, 0n])
    expect(() => check(falsy, 'debits equal credits')).toThrow(new Bug('debits equal credits'));
});
