import type { Pools } from '../../support/fixtures/accounts.ts';

export const readsOf = (pools: Pools, tenantId: string) => ({
  /** Everything that the model knows too, as text: accounts by their counters, transfers and holds by state and version, and the tenant by its closed months. */
  async read(): Promise<Record<string, string>> {
    const { rows } = await pools.root.query<{ id: string; line: string }>(
      `select account_id as id, concat_ws(' ', status, coalesce((-floor)::text, 'unlimited'), debit_posted, credit_posted, debit_held, credit_held) as line
       from ledger.balance where tenant_id = $1
       union all select id, concat_ws(' ', state, version) from ledger.transfer where tenant_id = $1
       union all select entry.id, 'posted ' || max(leg)
       from ledger.entry join ledger.posting on posting.entry_id = entry.id
       where entry.tenant_id = $1 and entry.transfer_id is null
       group by entry.id
       union all select id, concat_ws(' ', state, version, captured_amount, captures) from ledger.client_hold where tenant_id = $1
       union all select tenant_id, concat_ws(' ', 'closed', to_char(min(month), 'YYYY-MM'), to_char(max(month), 'YYYY-MM'), count(*))
       from ledger.period where tenant_id = $1 group by tenant_id`,
      [tenantId],
    );
    return Object.fromEntries(rows.map(({ id, line }) => [id, line]));
  },

  /** In which commit each of these transfers and holds came to its version, and each of these entries was posted. */
  async batchesOf(ids: string[]): Promise<Map<string, bigint>> {
    const { rows } = await pools.root.query<{ id: string; batch: string }>(
      `select subject_id as id, max(batch_id)::text as batch from ledger.event where subject_id = any ($1) group by subject_id
       union select id, batch_id::text from ledger.entry where id = any ($1)`,
      [ids],
    );
    return new Map(rows.map(({ id, batch }) => [id, BigInt(batch)]));
  },

  /** The commit that closed a month, which may have been that of a later one. */
  async batchOfMonth(name: string): Promise<bigint> {
    const { rows } = await pools.root.query<{ batch: string | null }>(
      "select min(batch_id)::text as batch from ledger.period where tenant_id = $1 and to_char(month, 'YYYY-MM') >= $2",
      [tenantId, name],
    );
    return BigInt(rows[0]?.batch ?? 0);
  },

  /** Which of these holds have expired. */
  async expiredOf(ids: string[]): Promise<string[]> {
    const { rows } = await pools.root.query<{ id: string }>(
      "select id from ledger.client_hold where id = any ($1) and state = 'expired'",
      [ids],
    );
    return rows.map(({ id }) => id);
  },
});
