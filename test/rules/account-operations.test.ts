import { expect, test } from '@jest/globals';
import { type AccountOperationName, accountOperations } from '../../domain/account-operations.ts';
import { readSources } from '../../drizzle/sources/tree.ts';
import { read, root } from '../support/tree.ts';

/**
 * Which operations of the table each verb does, for every verb that reaches the balance of an account: a new one has its row
 * (domain/account-operations.ts), or the reason why no status concerns it.
 */
const verbs: Record<string, readonly AccountOperationName[] | string> = {
  'ledger/accounts/change.sql': [
    'another name, reference or metadata',
    'to freeze it',
    'to unfreeze it',
    'to close it, when it is empty',
    'to close it, with money on it',
    'to close it, with a hold on it',
    'another overdraft limit',
    'the event and the notice of what happens to it',
  ],
  'ledger/accounts/open-funding.sql': 'It opens an account, or names the oldest one that is not closed.',
  'ledger/accounts/open.sql': 'It opens an account.',
  'ledger/entries/post-entries.sql': ['an entry', 'the reversal of an entry'],
  'ledger/holds/capture.sql': ['the capture of a hold'],
  'ledger/holds/create.sql': ['a hold'],
  'ledger/holds/expire.sql': ['the expiry of a hold'],
  'ledger/holds/release.sql': ['the release of a hold'],
  'ledger/locks/blocked-entries.sql': 'It asks who locks what.',
  'ledger/locks/blocked-holds.sql': 'It asks who locks what.',
  'ledger/locks/blocked-reservations.sql': 'It asks who locks what.',
  'ledger/locks/blocked-transfers.sql': 'It asks who locks what.',
  'ledger/months/keep-rows.sql': 'It copies what the postings of an old month say, and changes nothing.',
  'ledger/rails/register.sql': "It opens the platform's accounts.",
  'ledger/statements/close-month.sql': 'It looks once more for accounts without a statement of a month that is over.',
  'ledger/statements/cut.sql':
    'Every account gets a statement of a month that is over; one that is closed got its final one then.',
  'ledger/statements/request.sql': ['a statement of it, on request'],
  'ledger/transfers/cancel.sql': ['the cancellation of a transfer'],
  'ledger/transfers/conclude.sql': [
    'acceptance by the bank',
    'late acceptance, of a transfer that was unknown',
    'rejection by the bank',
    'acceptance of a transfer that was rejected before',
  ],
  'ledger/transfers/preview.sql': ['the preview of a transfer'],
  'ledger/transfers/release.sql': ['a transfer whose date has come'],
  'ledger/transfers/reserve.sql': ['a transfer in the book', 'a transfer with a date', 'a transfer to a bank'],
  'ledger/transfers/reverse.sql': ['the reversal of a transfer'],
};

/** These ask for no balance in a verb: a send is granted by its transfer alone, and reads are queries. */
const withoutVerb: readonly AccountOperationName[] = [
  'the sending of a transfer to a bank',
  'the account with its balance',
  'its balance at an instant',
  'its postings',
];

const sources = new Map(readSources(root).map((source) => [source.path, source]));

test('every verb that reaches a balance is listed, and no other', () => {
  const called = [...sources.values()].filter(({ execute }) => execute.length > 0).map(({ path }) => path);
  const reaching = called.filter((path) => [...withNeeds(path)].some(namesBalance));
  expect(reaching.toSorted()).toEqual(Object.keys(verbs));
});

test('every operation of the table is done by one of them', () => {
  const listed = Object.values(verbs).flatMap((names) => (typeof names === 'string' ? [] : names));
  expect([...listed, ...withoutVerb].toSorted()).toEqual(Object.keys(accountOperations).toSorted());
});

/** A source with all that it needs, directly or not. */
function withNeeds(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const needed of sources.get(path)?.needs ?? []) withNeeds(needed, seen);
  return seen;
}

const namesBalance = (file: string): boolean =>
  /\b(from|join|update|into) balance\b/.test(read(file).replaceAll(/--.*/g, ''));
