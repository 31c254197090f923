import type { BalanceReading } from '../domain/account.ts';

/** What a commit changed beside the transfers: balances for the cache, endpoints whose delivery should wake. */
export type Touched = { balances: BalanceReading[]; endpoints: string[] };

/** Told after every commit, before its callers are answered. It must not throw, and is waited for. */
export type OnCommit = (touched: Touched) => Promise<void>;

/** A balance as SQL writes it. */
export type ReadingRow = { account_id: string; posted: string; held: string; seq: string; version: string };

const toReading = ({ account_id, ...figures }: ReadingRow): BalanceReading => ({
  accountId: account_id,
  ...figures,
});

/** What every writer function answers beside its outcomes. */
export type TouchedRow = { balances: ReadingRow[]; endpoints: string[] };

export const toTouched = (row: TouchedRow): Touched => ({
  balances: row.balances.map(toReading),
  endpoints: row.endpoints,
});
