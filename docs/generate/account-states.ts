import { type AccountStatus, accountStatuses } from '../../domain/account.ts';
import {
  type AccountOperation,
  type AccountPart,
  accountOperations,
  type Verdict,
} from '../../domain/account-operations.ts';
import { madeFrom, table } from './table.ts';

const rows: [name: string, operation: AccountOperation][] = Object.entries(accountOperations);

/** docs/account-states.md: what the status of an account means for each operation that touches it. */
export function accountStatesDocument(): string {
  return [
    madeFrom('`domain/account-operations.ts`'),
    '# What the status of an account allows\n',
    'An account is `open`, `frozen` or `closed`. Frozen: nothing new begins, and what is on its way goes on. Closed: for good, and only',
    'while nothing is on the account and nothing is held on it, in either part. [How to change it](api/accounts.md#freeze-and-close-it).\n',
    'The part of an account: money is taken from what is debited and arrives at what is credited. In a transfer and a hold the source is',
    'debited and the destination credited. One of the two is enough for a refusal; where one is closed and the other frozen, it is',
    '`account_closed`. The status is asked after kind and currency and before money, in [the order of the refusals](refusals.md). What was',
    'decided under an `Idempotency-Key` stays decided, whatever the status is by then.\n',
    '`ledger/accounts/status-matrix.test.ts` runs each cell against the database, as the roles of the programs.\n',
    '## What begins\n',
    rowsOf('begins'),
    'A preview shows the refusal and keeps nothing. The reversal of a transfer is itself one, so the account that got the money is debited.',
    'Where it is declined the first transfer stays `completed`.\n',
    '## What is on its way\n',
    rowsOf('goes on'),
    'Cannot be closed: the account is not empty as long as the operation is pending, so closing it is refused, and the operation goes on.',
    'The database has that rule as well (the constraint `closed_is_empty`). A bank that accepts what it rejected before is paid from suspense, and',
    'the account is not touched.\n',
    '## Changes of the account\n',
    rowsOf('change'),
    'An account may be given the status that it has, and keeps it. Empty is: nothing posted and nothing held. An overdraft limit below what is',
    'used is [`overdraft_in_use`](refusals.md#overdraft_in_use). The accounts that the platform keeps (clearing, suspense, fees) are always open:',
    'each of these changes is refused there with `state_conflict`.\n',
    '## Reads\n',
    rowsOf('read'),
  ].join('\n');
}

function rowsOf(topic: AccountOperation['topic']): string {
  const ofTopic = rows.filter(([, operation]) => operation.topic === topic);
  return table(
    ['operation', 'the account is', ...accountStatuses],
    ofTopic.map(([name, operation]) => [
      operation.kinds.includes('funding') ? name : `${name} (\`customer\` only)`,
      operation.parts.map((part) => partWords[part]).join(' or '),
      ...accountStatuses.map((status) => inWords(operation.verdicts[status], status)),
    ]),
  );
}

const partWords: Record<AccountPart, string> = { debit: 'debited', credit: 'credited', itself: 'itself' };

function inWords(verdict: Verdict, status: AccountStatus): string {
  if (verdict === 'allowed') return 'yes';
  if ('refused' in verdict) return link(verdict.refused);
  return `cannot be ${status}: ${link(verdict.unreachable)}`;
}

const link = (code: string) => `[\`${code}\`](refusals.md#${code})`;
