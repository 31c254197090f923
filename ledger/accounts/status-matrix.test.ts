import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AccountStatus, accountStatuses } from '../../domain/account.ts';
import {
  type AccountOperation,
  type AccountOperationName,
  type AccountPart,
  accountOperations,
  type Verdict,
} from '../../domain/account-operations.ts';
import { done, type Pair } from '../../test/support/fixtures/account-money.ts';
import { accountOperationsOn, changer, emptier } from '../../test/support/fixtures/account-operations.ts';
import { type Accounts, anAccount, aTransfer, createAccounts } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { reservedTogether } from '../../test/support/fixtures/sends.ts';

/**
 * The table of domain/account-operations.ts against the database: each operation, on an account of each kind and in each part, after
 * its status was changed as a client changes it.
 */
// Nobody carries on what waits here, and a busy machine may need longer than that takes to be late.
const { pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
const accounts: Accounts = { tenantId: '', ada: '', grace: '', funding: '', clearing: '', suspense: '' };
const book = { pools, ledger, accounts };
const [prepare, change, empty] = [accountOperationsOn(book), changer(book), emptier(book)];

beforeAll(async () => {
  Object.assign(accounts, await createAccounts(pools, ledger));
});

// New ones for each cell: closed is final, and a transfer that waits for a bank holds up those that come after it. Both customers have
// money, and may go below zero, so that an account can be empty while something is held on it.
beforeEach(async () => {
  const { tenantId } = accounts;
  const [ada, grace, funding] = await Promise.all([
    anAccount(pools, { tenantId, overdraftLimit: '1000' }),
    anAccount(pools, { tenantId, overdraftLimit: '1000' }),
    anAccount(pools, { tenantId, kind: 'funding' }),
  ]);
  Object.assign(accounts, { ada, grace, funding });
  const deposits = [ada, grace].map((destinationAccountId) =>
    aTransfer(accounts, { sourceAccountId: funding, destinationAccountId, amount: '10000' }),
  );
  expect((await reservedTogether(pools, deposits)).map(({ result }) => result)).toEqual(['decided', 'decided']);
});

type Kind = 'customer' | 'funding';
const table: Record<AccountOperationName, AccountOperation> = accountOperations;
// The keys of that record.
const names = Object.keys(table) as AccountOperationName[];

const cells = names.flatMap((name) =>
  table[name].kinds.flatMap((kind) =>
    table[name].parts.flatMap((part) => accountStatuses.map((status) => ({ name, kind, part, status }))),
  ),
);
let seen = 0;

describe(`${names.length} operations on ${accountStatuses.length} statuses, by kind and part = ${cells.length} cells`, () => {
  test.each(cells)('$name: $kind, $part, $status', async ({ name, kind, part, status }) => {
    const pair = pairOf(kind, part);
    const act = await prepare[name](pair);
    const expected = await changeStatus(pair.subject, { name, status });
    const before = await read(pair.subject);
    expect(await act()).toBe(expected === 'allowed' ? done : codeOf(expected));
    const after = await read(pair.subject);
    expect(after.counters !== before.counters).toBe(expected === 'allowed' && movesMoney(name));
    if (table[name].topic !== 'change') expect(after.status).toBe(before.status);
    seen += 1;
  });
});

const elsewhere = [
  ['a transfer to a bank', 'account_kind_not_allowed'],
  ['another overdraft limit', 'state_conflict'],
] as const;
const ofFunding = elsewhere.flatMap(([name, code]) => accountStatuses.map((status) => ({ name, code, status })));

test.each(ofFunding)('$name, of a funding account that is $status: $code', async ({ name, code, status }) => {
  const pair = pairOf('funding', 'debit');
  const act = await prepare[name](pair);
  await changeStatus(pair.subject, { name, status });
  expect(await act()).toBe(code);
  seen += 1;
});

const changes = names.filter((name) => table[name].topic === 'change');
const ofPlatform = changes.flatMap((name) =>
  (['clearing', 'suspense', 'fees'] as const).map((kind) => ({ name, kind })),
);

test.each(ofPlatform)("the platform's $kind account is always open: $name", async ({ name, kind }) => {
  const { rows } = await pools.root.query<{ id: string }>(
    "select id from ledger.account where tenant_id = $1 and kind = $2 and currency = 'USD'",
    [accounts.tenantId, kind],
  );
  const subject = rows[0]?.id ?? '';
  const act = await prepare[name]({ ...pairOf('customer', 'debit'), subject });
  expect(await act()).toBe('state_conflict');
  expect((await read(subject)).status).toBe('open');
  seen += 1;
});

/** The account that is looked at, in its part, and another one with money. */
function pairOf(kind: Kind, part: AccountPart): Pair {
  const { ada, grace, funding } = accounts;
  const [subject, other] = kind === 'funding' ? [funding, ada] : [grace, ada];
  return part === 'credit' ? { debit: other, credit: subject, subject } : { debit: subject, credit: other, subject };
}

/** Brings an account into a status, or shows that it cannot get there. Returns what is expected then. */
async function changeStatus(
  id: string,
  { name, status }: { name: AccountOperationName; status: AccountStatus },
): Promise<Verdict> {
  const { verdicts } = table[name];
  if (status === 'open') return verdicts.open;
  // What is held is all that keeps it from being closed.
  if (status === 'closed' && name !== 'to close it, with money on it') await empty(id);
  const verdict = verdicts[status];
  if (typeof verdict === 'string' || 'refused' in verdict) {
    expect(await change(id, { status })).toBe(done);
    return verdict;
  }
  expect(await change(id, { status })).toBe(verdict.unreachable);
  // Nor could a verb that is wrong do it.
  const byHand = pools.root.query('update ledger.balance set status = $2 where account_id = $1', [id, status]);
  await expect(byHand).rejects.toMatchObject({ constraint: 'closed_is_empty' });
  return verdicts.open;
}

const codeOf = (verdict: Exclude<Verdict, string>): string =>
  'refused' in verdict ? verdict.refused : verdict.unreachable;

/** Of those that begin or go on, all but three change what is posted or held. */
function movesMoney(name: AccountOperationName): boolean {
  const still: AccountOperationName[] = [
    'the preview of a transfer',
    'the sending of a transfer to a bank',
    'acceptance of a transfer that was rejected before',
  ];
  return ['begins', 'goes on'].includes(table[name].topic) && !still.includes(name);
}

/** The status of an account, and its counters as one text. */
async function read(id: string): Promise<{ status: string; counters: string }> {
  const { rows } = await pools.root.query<{ status: string; counters: string }>(
    "select status, concat_ws(' ', debit_posted, credit_posted, debit_held, credit_held) as counters from ledger.balance where account_id = $1",
    [id],
  );
  return { status: rows[0]?.status ?? 'none', counters: rows[0]?.counters ?? 'none' };
}

afterAll(() => {
  process.stdout.write(`account status matrix: ${seen} cells against the database\n`);
});
