import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import type { TransferState } from '../../domain/transfer.ts';
import type { DueNotice } from '../notices/due.ts';

/** An event of a transfer with what a notice says beside it. Only fields that no later event changes. */
export type NoticeEvent = {
  id: Uuid;
  transferId: Uuid;
  version: number;
  from: TransferState | null;
  cause: string;
  to: TransferState;
  entryId: Uuid | null;
  refusalCode: string | null;
  at: string;
  amount: string;
  currency: string;
  rail: string;
  sourceAccountId: Uuid | null;
  destinationAccountId: Uuid | null;
  reference: string | null;
};

/**
 * The events behind due notices, of all tenants: for the worker's role only. A join over the list, with the time of each
 * event, because that is what lets Postgres look into one month of events and not into all.
 */
export async function readNoticeEvents(pool: pg.Pool, notices: readonly DueNotice[]): Promise<NoticeEvent[]> {
  if (notices.length === 0) return [];
  const { rows } = await pool.query<NoticeEvent>({
    name: 'notice-events',
    text: `select e.id, e.transfer_id as "transferId", e.version, e.from_state as "from", e.cause, e.to_state as "to",
        e.evidence->>'entry_id' as "entryId", e.evidence->'refusal'->>'code' as "refusalCode", ledger.rfc3339(e.created_at) as "at",
        t.amount::text as amount, t.currency, t.rail, t.source_account_id as "sourceAccountId",
        t.destination_account_id as "destinationAccountId", t.reference
      from unnest($1::uuid[], $2::int[], $3::timestamptz[]) as n (transfer_id, version, at)
      join ledger.event e on e.transfer_id = n.transfer_id and e.version = n.version and e.created_at = n.at
      join ledger.transfer t on t.id = n.transfer_id`,
    values: [
      notices.map((notice) => notice.transferId),
      notices.map((notice) => notice.version),
      notices.map((notice) => notice.eventAt),
    ],
  });
  return rows;
}
