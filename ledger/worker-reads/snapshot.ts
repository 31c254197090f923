import type pg from 'pg';
import type { BankAccount } from '../../domain/destination.ts';
import type { RailAttempt, RailName } from '../../domain/rail.ts';
import type { TransferState } from '../../domain/transfer.ts';

/** A transfer at one moment, for a worker: what it needs to go on with it, by the database's clock. */
export type TransferSnapshot = {
  id: string;
  tenantId: string;
  rail: RailName;
  state: TransferState;
  /** Why a person should look, or null. */
  attention: string | null;
  /** Milliseconds until the row's next step is due, 0 when it is; null when the transfer is final. */
  waitMs: number | null;
  /** The database's clock at this reading, RFC 3339. */
  now: string;
  /** How it stands with its rail; null for a transfer that never leaves the ledger. */
  attempt: (RailAttempt & { inquiries: number }) | null;
};

/** Reads at most 500 transfers of any tenants. One that does not exist is left out. */
export async function readSnapshots(pool: pg.Pool, ids: string[]): Promise<TransferSnapshot[]> {
  const { rows } = await pool.query<Row>(query, [ids.slice(0, 500)]);
  return rows.map(toSnapshot);
}

const query = `
  select t.id, t.tenant_id, t.rail, t.state, t.attention_reason, t.amount::text, t.currency, t.destination_bank,
    case when t.next_at is not null then greatest(ceil(extract(epoch from t.next_at - clock_timestamp()) * 1000), 0)::float8 end as wait_ms, ledger.rfc3339(clock_timestamp()) as now,
    a.rail_key, a.inquiries, ledger.rfc3339(a.created_at) as attempt_created_at
  from unnest($1::uuid[]) x(id)
  join ledger.transfer t on t.id = x.id
  left join ledger.attempt a on a.transfer_id = t.id and a.n = 1`;

type Row = {
  id: string;
  tenant_id: string;
  rail: RailName;
  state: TransferState;
  attention_reason: string | null;
  amount: string;
  currency: string;
  destination_bank: BankAccount | null;
  wait_ms: number | null;
  now: string;
  rail_key: string | null;
  inquiries: number | null;
  attempt_created_at: string | null;
};

const toSnapshot = (row: Row): TransferSnapshot => ({
  id: row.id,
  tenantId: row.tenant_id,
  rail: row.rail,
  state: row.state,
  attention: row.attention_reason,
  waitMs: row.wait_ms,
  now: row.now,
  attempt: toAttempt(row),
});

function toAttempt(row: Row): TransferSnapshot['attempt'] {
  const { rail_key, destination_bank, attempt_created_at, amount, currency, inquiries } = row;
  if (rail_key === null || destination_bank === null || attempt_created_at === null) return null;
  return {
    railKey: rail_key,
    amount,
    currency,
    destination: destination_bank,
    createdAt: attempt_created_at,
    inquiries: inquiries ?? 0,
  };
}
