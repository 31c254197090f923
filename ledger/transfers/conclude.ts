import type pg from 'pg';
import type { TransferState } from '../../domain/transfer.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/**
 * What anybody learnt about an attempt. `sendN` names the send it speaks for; without it, it speaks for the rail key.
 * - `accepted`, `rejected`, `not_taken`, `unknown`: the rail's answer (see RailAnswer); `absent`: an inquiry's finding
 * - `not_sent`: a grant that was never used; `put_off`: a transfer that will not be sent now
 */
export type Report = {
  transferId: string;
  source: 'reply' | 'inquiry' | 'report' | 'carrier' | 'sweep';
  outcome: 'accepted' | 'rejected' | 'not_taken' | 'not_sent' | 'unknown' | 'absent' | 'put_off';
  sendN?: number;
  decisive?: boolean;
  code?: string;
  railReference?: string | null;
  /** The group that puts it off; the sweep has none and may only touch what is overdue. */
  carrier?: string;
  /** When an inquiry was asked, RFC 3339: taken before the question left. */
  askedAt?: string;
  /** How long until the next inquiry, or the next try. */
  nextInMs?: number;
  /** How long until the next try, where that is not the wait for the next inquiry. */
  retryMs?: number;
  quietMs?: number;
  deduplicatesMs?: number | null;
  leaseMs?: number;
  giveUpMs?: number;
};

/** Where the transfer stands after a report. `cause` is null when the report changed no state. */
export type Conclusion = {
  transferId: string;
  state: TransferState;
  cause: string | null;
  nextAt: string | null;
  nextWhat: string | null;
};

/** Takes a batch of reports in one commit. Idempotent; proof is never refused. Rules: docs/states.md, and `ledger.conclude`. */
export async function conclude(pool: pg.Pool, reports: Report[], onCommit: OnCommit): Promise<Conclusion[]> {
  const answer = await call<{ outcomes: ConclusionRow[] } & CommitEffectsRow>(
    pool,
    'select ledger.conclude($1) as answer',
    [JSON.stringify(reports.map(toRow))],
  );
  await onCommit(toCommitEffects(answer));
  return answer.outcomes.map(toConclusion);
}

const toRow = (report: Report) => ({
  transfer_id: report.transferId,
  source: report.source,
  outcome: report.outcome,
  send_n: report.sendN,
  decisive: report.decisive,
  code: report.code,
  rail_reference: report.railReference,
  carrier: report.carrier,
  asked_at: report.askedAt,
  next_in_ms: report.nextInMs,
  retry_ms: report.retryMs,
  quiet_ms: report.quietMs,
  deduplicates_ms: report.deduplicatesMs,
  lease_ms: report.leaseMs,
  give_up_ms: report.giveUpMs,
});

type ConclusionRow = {
  transfer_id: string;
  state: TransferState;
  cause?: string | null;
  next_at: string | null;
  next_what: string | null;
};

const toConclusion = (row: ConclusionRow): Conclusion => ({
  transferId: row.transfer_id,
  state: row.state,
  cause: row.cause ?? null,
  nextAt: row.next_at,
  nextWhat: row.next_what,
});
