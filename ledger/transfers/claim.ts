import type pg from 'pg';
import type { BankAccount } from '../../domain/destination.ts';
import type { RailAttempt } from '../../domain/rail.ts';
import { call } from '../call.ts';

/** Who asks for leave to send, and on what terms. `sender` is random per execution, so that a twin gets nothing. */
export type ClaimCommand = {
  /** The transfer. */
  id: string;
  sender: string;
  carrier: string;
  leaseMs: number;
  /** How long the rail knows a key again; null when it does not. */
  deduplicatesMs: number | null;
  /** Whether this send may go out while the breaker is open. */
  probe: boolean;
};

/** Why a send was not granted. `state`: not submitting any more. `carrier`: another group has it. `leased`: another sender lives. `sends_exhausted`: a thousand sends were not taken. */
export type GrantRefusal = 'not_found' | 'state' | 'carrier' | 'leased' | 'window' | 'rail_closed' | 'sends_exhausted';

/** One grant to put an attempt on the network until `leaseUntil`, or why not. */
export type Grant =
  | { id: string; granted: true; n: number; attempt: RailAttempt & { tenantId: string } }
  | { id: string; granted: false; why: GrantRefusal };

/**
 * Grants sends for at most 500 transfers, no two commands for one. The same sender asking again while its lease lives gets
 * the same grant. Rules: "Who may send" in ARCHITECTURE.md, and `ledger.claim`.
 */
export async function claim(pool: pg.Pool, commands: ClaimCommand[]): Promise<Grant[]> {
  const rows = await call<GrantRow[]>(pool, 'select ledger.claim($1) as answer', [JSON.stringify(commands.map(toRow))]);
  return rows.map(toGrant);
}

const toRow = ({ id, sender, carrier, leaseMs, deduplicatesMs, probe }: ClaimCommand) => ({
  id,
  sender,
  carrier,
  lease_ms: leaseMs,
  deduplicates_ms: deduplicatesMs,
  probe,
});

type GrantRow = { id: string } & (
  | { granted: false; why: GrantRefusal }
  | { granted: true; n: number; attempt: AttemptRow }
);
type AttemptRow = {
  rail_key: string;
  tenant_id: string;
  amount: string;
  currency: string;
  destination: BankAccount;
  created_at: string;
};

function toGrant(row: GrantRow): Grant {
  if (!row.granted) return { id: row.id, granted: false, why: row.why };
  const { rail_key, tenant_id, amount, currency, destination, created_at } = row.attempt;
  const attempt = {
    railKey: rail_key,
    tenantId: tenant_id,
    amount,
    currency,
    destination,
    createdAt: created_at,
  };
  return { id: row.id, granted: true, n: row.n, attempt };
}
