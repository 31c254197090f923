import type pg from 'pg';
import { check } from '../../domain/check.ts';
import type { BankAccount } from '../../domain/destination.ts';
import type { RailAttempt } from '../../domain/rail.ts';
import { call } from '../call.ts';

/** A request to send. `sender` is random per execution, so that a second execution gets nothing. */
export type ClaimCommand = {
  /** The transfer. */
  id: string;
  sender: string;
  carrier: string;
  /** Whether this send may go out while the breaker is open. */
  probe: boolean;
};

/** Why a send was not granted. `state`: no longer submitting. `carrier`: another group has it. `leased`: another sender lives. `sends_exhausted`: a thousand sends were not taken. */
export type GrantRefusal =
  | 'not_found'
  | 'state'
  | 'carrier'
  | 'leased'
  | 'window'
  | 'rail_unavailable'
  | 'sends_exhausted';

/** The n-th grant to put an attempt on the network, for `leaseMs` from when it was written, or why there is none. */
export type Grant =
  | { id: string; granted: true; n: number; leaseMs: number; attempt: RailAttempt & { tenantId: string } }
  | { id: string; granted: false; why: GrantRefusal };

/**
 * Grants sends for at most 500 transfers, no two commands for one. The same sender asking again while its lease lives gets
 * the same grant. The lease is the rail's terms'. Rules: "Who may send" in ARCHITECTURE.md, and `ledger.claim`.
 */
export async function claim(pool: pg.Pool, commands: ClaimCommand[]): Promise<Grant[]> {
  const rows = await call<GrantRow[]>(pool, 'select ledger.claim($1) as answer', [JSON.stringify(commands)]);
  const grants = new Map(rows.map((row) => [row.id, toGrant(row)]));
  return commands.map(({ id }) => {
    const grant = grants.get(id);
    check(grant, `the ledger did not answer the claim of transfer ${id}`);
    return grant;
  });
}

type GrantRow = { id: string } & (
  | { granted: false; why: GrantRefusal }
  | { granted: true; n: number; lease_ms: number; attempt: AttemptRow }
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
  return { id: row.id, granted: true, n: row.n, leaseMs: row.lease_ms, attempt };
}
