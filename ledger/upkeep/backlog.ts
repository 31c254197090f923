import type pg from 'pg';
import type { RailName } from '../../domain/rail.ts';
import type { TransferState } from '../../domain/transfer.ts';
import { call } from '../call.ts';

/** What waits, over all tenants. Counts stop at ten thousand. */
export type Backlog = {
  open: readonly { rail: RailName; state: TransferState; count: number }[];
  /** How many banks of a rail are down (their own breaker is open), and which of them is so for the longest time. */
  banks: readonly { rail: RailName; down: number; oldest: string | null; oldestMs: number }[];
  /** Transfers with attention that nobody has acknowledged, by reason; `transferId` is one of them, the oldest by its id. */
  attentions: readonly { reason: string; count: number; transferId: string }[];
  /** Notices that are due now, and for how long the oldest is. */
  notices: { due: number; oldestMs: number };
  /** How long ago the oldest segment of the archive was finished whose rows of reads and refused sign-ins were not removed; 0 when there is none. */
  recordsKeptMs: number;
  /** Statements that are cut and not ready, those of them that need a person, and for how long the oldest open month and the oldest that was asked for wait. */
  statements: { waiting: number; attention: number; monthMs: number; requestMs: number };
  /**
   * How old the oldest commit is that is in no finished segment of the archive, 0 when there is none; and for how long no checkpoint of it was published
   * to all tenants.
   */
  archive: { oldestMs: number; unpublishedMs: number };
};

/** Reads it along indexes, at one cost. For a login of the API or of a worker. */
export async function readBacklog(pool: pg.Pool): Promise<Backlog> {
  const {
    open,
    banks,
    attentions,
    notices,
    statements,
    archive,
    records_kept_ms: recordsKeptMs,
  } = await call<Row>(pool, 'select ledger.backlog() as answer', []);
  return {
    open,
    banks: banks.map(({ oldest_ms: oldestMs, ...bank }) => ({ ...bank, oldestMs: oldestMs ?? 0 })),
    attentions: attentions.map(({ reason, count, transfer_id }) => ({ reason, count, transferId: transfer_id })),
    notices: { due: notices.due, oldestMs: notices.oldest_ms },
    recordsKeptMs,
    statements: {
      ...{ waiting: statements.waiting, attention: statements.attention },
      ...{ monthMs: statements.month_ms, requestMs: statements.request_ms },
    },
    archive: { oldestMs: archive.oldest_ms, unpublishedMs: archive.unpublished_ms },
  };
}

type Row = Pick<Backlog, 'open'> & {
  banks: { rail: RailName; down: number; oldest: string | null; oldest_ms: number | null }[];
  attentions: { reason: string; count: number; transfer_id: string }[];
  notices: { due: number; oldest_ms: number };
  records_kept_ms: number;
  statements: { waiting: number; attention: number; month_ms: number; request_ms: number };
  archive: { oldest_ms: number; unpublished_ms: number };
};
