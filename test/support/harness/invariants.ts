import type pg from 'pg';
import { isAllowed, type TransferState } from '../../../domain/transfer.ts';

/** What the facts read with: a pool or a client that sees all tenants (the reader's or a superuser's login). */
export type Database = Pick<pg.Pool, 'query'>;

/** One instruction that the bank took, as `/control/truth` tells it. */
export type TakenItem = { rail_key: string; status: 'accepted' | 'rejected'; amount: string; currency: string };

/**
 * The four facts that hold after anything that may happen (a crash, a retry, a lost answer). Returns one sentence per
 * breach, and none when the books are sound: `expect(await breaches(db)).toEqual([])`.
 */
export async function breaches(db: Database, truth: readonly TakenItem[] = []): Promise<string[]> {
  const found = await Promise.all([trialBalanceIsZero(db), holdsFitTheirTransfers(db), storiesAreWalks(db)]);
  return [...found.flat(), ...noRailKeyTwice(truth)];
}

/** Fact 1: for each tenant and currency the debits equal the credits, in the postings and in the balances. */
export async function trialBalanceIsZero(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ tenant_id: string; currency: string; where: string; off: string }>(`
    select tenant_id, currency, 'postings' as where, sum(case side when 'debit' then amount else -amount end)::text as off
      from ledger.posting group by tenant_id, currency
      having sum(case side when 'debit' then amount else -amount end) <> 0
    union all
    select tenant_id, currency, 'balances', sum(debit_posted - credit_posted)::text
      from ledger.balance group by tenant_id, currency having sum(debit_posted - credit_posted) <> 0
    union all
    select tenant_id, currency, 'holds', sum(debit_held - credit_held)::text
      from ledger.balance group by tenant_id, currency having sum(debit_held - credit_held) <> 0`);
  return rows.map((row) => `the ${row.where} of tenant ${row.tenant_id} in ${row.currency} are off by ${row.off}`);
}

/** Fact 2: every hold is closed or belongs to an open transfer, its state fits the transfer's, and no open one lacks it. */
export async function holdsFitTheirTransfers(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ id: string; state: string | null; hold: string | null }>(`
    select coalesce(t.id, h.transfer_id) as id, t.state, h.state as hold
    from ledger.transfer t full join ledger.hold h on h.transfer_id = t.id
    where case
      when t.state in ('scheduled', 'submitting', 'unknown') then h.state is distinct from 'active'
      when t.state in ('rejected', 'failed', 'cancelled') then h.state is distinct from 'released'
      -- A book transfer that was posted at once never had a hold.
      when t.state in ('completed', 'reversed') then h.state is distinct from 'captured' and (h.state is not null or t.rail <> 'book')
      else h.state is not null end
    order by 1`);
  return rows.map(
    (row) => `transfer ${row.id} is ${row.state ?? 'nowhere'} and its hold is ${row.hold ?? 'not there'}`,
  );
}

/** Fact 3: the bank took no rail key twice. */
export function noRailKeyTwice(truth: readonly TakenItem[]): string[] {
  const times = new Map<string, number>();
  for (const { rail_key } of truth) times.set(rail_key, (times.get(rail_key) ?? 0) + 1);
  return [...times].filter(([, n]) => n > 1).map(([railKey, n]) => `the bank took ${railKey} ${n} times`);
}

/** Fact 4: each transfer's events, version by version, walk through the state table and end in the state of its row. */
export async function storiesAreWalks(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ id: string; state: string | null; version: number | null; steps: Step[] }>(`
    select coalesce(t.id, e.subject_id) as id, t.state, t.version, coalesce(e.steps, '[]') as steps
    from ledger.transfer t full join (
      select subject_id, json_agg(json_build_object('version', version, 'from', from_state, 'cause', cause, 'to', to_state) order by version) as steps
      from ledger.event where subject_type = 'transfer' group by subject_id) e on e.subject_id = t.id
    -- The story of one that was made in a detached month is not whole.
    where coalesce(t.created_at >= (select max(to_at) from ledger.detached_month where status = 'detached'), true)
    order by 1`);
  return rows.flatMap(({ id, state, version, steps }) => {
    const wrong = wrongIn(steps) ?? wrongAtEnd(steps.at(-1), state, version);
    return wrong === null ? [] : [`transfer ${id}: ${wrong}`];
  });
}

type Step = { version: number; from: TransferState | null; cause: string; to: TransferState };

function wrongIn(steps: Step[]): string | null {
  let state: TransferState | null = null;
  for (const [i, { version, from, cause, to }] of steps.entries()) {
    if (version !== i + 1) return `version ${i + 1} is missing from its story`;
    if (from !== state)
      return `version ${version} leaves from ${from ?? 'nothing'}, but it stood at ${state ?? 'nothing'}`;
    if (!isAllowed(from, cause, to)) return `${from ?? 'nothing'} by ${cause} to ${to} is not in the state table`;
    state = to;
  }
  return null;
}

function wrongAtEnd(last: Step | undefined, state: string | null, version: number | null): string | null {
  if (state === null) return 'it has a story and no row';
  if (!last) return 'it has a row and no story';
  if (last.to !== state || last.version !== version) {
    return `its story ends in ${last.to} (version ${last.version}), its row says ${state} (version ${version})`;
  }
  return null;
}
