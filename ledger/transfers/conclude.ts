import type pg from 'pg';
import type { RailAnswer, RailFinding } from '../../domain/rail.ts';
import type { TransferState } from '../../domain/transfer.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/**
 * What a reply, an inquiry or a worker found about an attempt. One about a send names it by `sendN`; the others are about the rail key.
 * - `reply`: the rail's answer to a send; `inquiry`: its answer to a question, which left at `askedAt` (RFC 3339, the
 *   database's clock); `report`: what the rail says of its own accord
 * - `not_sent`: the carrier did not use its grant; `put_off`: the transfer is not sent now, and not before `retryAfterMs`
 *   if that is longer than the rail's own pause. The sweep may put off only what is overdue
 * - `not_asked`: an inquiry was due and found no free place
 */
export type Report = { transferId: string } & (
  | ({ source: 'reply'; sendN: number } & RailAnswer)
  | ({ source: 'inquiry'; askedAt: string } & RailFinding)
  | ({ source: 'report' } & RailAnswer)
  | { source: 'carrier'; outcome: 'not_sent'; sendN: number; carrier: string }
  | { source: 'carrier'; outcome: 'put_off'; carrier: string; code?: string; retryAfterMs?: number }
  | { source: 'sweep'; outcome: 'put_off' | 'not_asked' }
);

/**
 * Where the transfer stands after a report. `cause` is null when the report changed no state. `waitMs`: how long until its
 * next step is due, 0 when it is; null when nothing comes next.
 */
export type Conclusion = {
  transferId: string;
  state: TransferState;
  cause: string | null;
  nextAt: string | null;
  nextWhat: string | null;
  waitMs: number | null;
  /** Why a person should look, or null. */
  attention: string | null;
};

/**
 * Takes at most 500 reports in one commit, no two for one transfer. The same report again changes nothing; proof is never
 * refused. Rules: docs/states.md, and `ledger.conclude`.
 */
export async function conclude(pool: pg.Pool, reports: Report[], onCommit: OnCommit): Promise<Conclusion[]> {
  const answer = await call<{ outcomes: ConclusionRow[] } & CommitEffectsRow>(
    pool,
    'select ledger.conclude($1) as answer',
    [JSON.stringify(reports.map(toRow))],
  );
  await onCommit(toCommitEffects(answer));
  return answer.outcomes.map(toConclusion);
}

type Members<T> = T extends unknown ? keyof T : never;

/** The members of every kind of report, as SQL names them. */
const columns: Record<Members<Report>, string> = {
  transferId: 'transfer_id',
  source: 'source',
  outcome: 'outcome',
  sendN: 'send_n',
  decisive: 'decisive',
  code: 'code',
  railReference: 'rail_reference',
  carrier: 'carrier',
  askedAt: 'asked_at',
  retryAfterMs: 'retry_after_ms',
};
const columnOf = new Map(Object.entries(columns));

const toRow = (report: Report) =>
  Object.fromEntries(Object.entries(report).map(([member, value]) => [columnOf.get(member) ?? member, value]));

type ConclusionRow = {
  transfer_id: string;
  state: TransferState;
  cause: string | null;
  next_at: string | null;
  next_what: string | null;
  wait_ms: number | null;
  attention: string | null;
};

const toConclusion = (row: ConclusionRow): Conclusion => ({
  transferId: row.transfer_id,
  state: row.state,
  cause: row.cause,
  nextAt: row.next_at,
  nextWhat: row.next_what,
  waitMs: row.wait_ms,
  attention: row.attention,
});
