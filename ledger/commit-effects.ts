import type { BalanceReading } from '../domain/account.ts';

/** A transfer that a person should look at since this commit, and why. */
export type Attention = { transferId: string; reason: string };

/** What a commit changed beside the transfers: balances for the cache, endpoints whose delivery should wake, whom to alarm for. */
export type CommitEffects = { balances: BalanceReading[]; endpoints: string[]; attentions: Attention[] };

/** Called after every commit, before its callers are answered. It must not throw, and is waited for. */
export type OnCommit = (effects: CommitEffects) => Promise<void>;

/** A balance as SQL writes it. */
export type ReadingRow = { account_id: string; posted: string; held: string; seq: string; version: string };

const toReading = ({ account_id, ...figures }: ReadingRow): BalanceReading => ({
  accountId: account_id,
  ...figures,
});

/** What every writer function answers beside its outcomes. */
export type CommitEffectsRow = {
  balances: ReadingRow[];
  endpoints: string[];
  attentions?: { transfer_id: string; reason: string }[];
};

export const toCommitEffects = (row: CommitEffectsRow): CommitEffects => ({
  balances: row.balances.map(toReading),
  endpoints: row.endpoints,
  attentions: (row.attentions ?? []).map(({ transfer_id, reason }) => ({ transferId: transfer_id, reason })),
});
