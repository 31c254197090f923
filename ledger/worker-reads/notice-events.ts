import type pg from 'pg';
import type { SubjectType } from '../../domain/event.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { DueNotice } from '../notices/due.ts';

/** What a notice says of the transfer that its event is about. Only fields that no later event changes. */
export type NoticeTransfer = {
  amount: string;
  currency: string;
  rail: string;
  sourceAccountId: Uuid | null;
  destinationAccountId: Uuid | null;
  reference: string | null;
  metadata: Record<string, string>;
};

/** An event behind a notice. `transfer` is null where it is about another thing. */
export type NoticeEvent = {
  id: Uuid;
  subjectType: SubjectType;
  subjectId: Uuid;
  version: number;
  from: string | null;
  cause: string;
  to: string;
  evidence: Record<string, unknown>;
  at: string;
  transfer: NoticeTransfer | null;
};

/**
 * The events behind due notices, of all tenants: for the worker's role only. A join over the list, with the time of each
 * event, because that is what lets Postgres look into one month of events and not into all.
 */
export async function readNoticeEvents(pool: pg.Pool, notices: readonly DueNotice[]): Promise<NoticeEvent[]> {
  if (notices.length === 0) return [];
  const { rows } = await pool.query<NoticeEvent>({
    text: `select e.id, e.subject_type as "subjectType", e.subject_id as "subjectId", e.version, e.from_state as "from", e.cause,
        e.to_state as "to", e.evidence, ledger.rfc3339(e.created_at) as "at",
        case when t.id is not null then jsonb_build_object('amount', t.amount::text, 'currency', t.currency, 'rail', t.rail,
          'sourceAccountId', t.source_account_id, 'destinationAccountId', t.destination_account_id, 'reference', t.reference,
          'metadata', t.metadata) end as transfer
      from unnest($1::uuid[], $2::int[], $3::timestamptz[]) as n (subject_id, version, at)
      join ledger.event e on e.subject_id = n.subject_id and e.version = n.version and e.created_at = n.at
      left join ledger.transfer t on t.id = n.subject_id and e.subject_type = 'transfer'`,
    values: [
      notices.map((notice) => notice.subjectId),
      notices.map((notice) => notice.version),
      notices.map((notice) => notice.eventAt),
    ],
  });
  return rows;
}
