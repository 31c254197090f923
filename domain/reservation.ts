import type { BalanceReading } from './account.ts';
import type { Uuid } from './ids.ts';
import type { KeyReused } from './key-conflict.ts';
import type { FirstEvent } from './transfer.ts';

/** What the ledger says of one request, by the id that it was given. All of it is JSON, because it travels through Temporal. */
export type ReserveOutcome = { id: Uuid; tenantId: Uuid } & (
  | (Decision & {
      /** By this request: the id owns its key, and was decided now or by an earlier call with the same id. */
      result: 'decided';
      /** Balances after this commit, of the accounts that the request names; empty when this call changed nothing. */
      balances: BalanceReading[];
    })
  /** The key belongs to an equal request, made before: `transferId` is that request's transfer. */
  | (Decision & { result: 'replayed' })
  /** The key belongs to another request. */
  | KeyReused
  /** The id was not made in the last five minutes. Nothing was stored. */
  | { result: 'too_old' }
  /** No worker that knows this network has started on this database yet. Nothing was stored. */
  | { result: 'rail_unknown' }
);

/** A transfer as it was decided: the fingerprint of its request, and the first event of its story. */
type Decision = { transferId: Uuid; fingerprint: string; event: FirstEvent };
