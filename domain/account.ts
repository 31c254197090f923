/**
 * Kinds of account and the side on which each grows. `customer` owes money to a customer (a liability, credit side);
 * `funding` and `bank` are money that we have elsewhere (assets, debit side); `fees` is what the tenant earned. Only `customer` and `funding` are opened by
 * clients; the rest are made by the platform, per tenant and currency, and can be neither frozen nor closed.
 */
export const accountKinds = {
  customer: { normal: 'credit', openedBy: 'client' },
  funding: { normal: 'debit', openedBy: 'client' },
  clearing: { normal: 'credit', openedBy: 'platform' },
  bank: { normal: 'debit', openedBy: 'platform' },
  fees: { normal: 'credit', openedBy: 'platform' },
  suspense: { normal: 'credit', openedBy: 'platform' },
} as const satisfies Record<string, { normal: 'debit' | 'credit'; openedBy: 'client' | 'platform' }>;

export type AccountKind = keyof typeof accountKinds;

export const accountStatuses = ['open', 'frozen', 'closed'] as const;
/** `frozen`: nothing new, captures and releases go on. `closed`: needs zero balances and no holds; final. */
export type AccountStatus = (typeof accountStatuses)[number];

/**
 * The balance of an account, in minor units. `available = posted - held` is what may be spent; incoming money never
 * counts. `seq` numbers the account's postings without a gap; `version` counts every change, holds included, so of two
 * readings the one with the higher version is the newer.
 */
export type Balance = { posted: bigint; held: bigint; seq: bigint; version: bigint };

/** A balance between processes: the same with strings for bigints. */
export type BalanceReading = { accountId: string; posted: string; held: string; seq: string; version: string };
