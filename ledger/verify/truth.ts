import type pg from 'pg';
import type { Check } from './run.ts';

/** What the bank says it took: one instruction. Amounts are minor units in digits; bank and account as `bank_of` and `account_number_of` have them. */
export type BankRecord = {
  rail_key: string;
  status: string;
  amount: string;
  currency: string;
  bank: string;
  account_number: string;
  /** The bank's own number of it, where it says one. */
  rail_reference?: string | undefined;
};

/** The evidence of what an operator wrote from the bank's truth after a restore: what was sent then, this ledger has forgotten. */
export const afterRestore = 'after_restore';

/**
 * The bank's records, each under the rail key that it has here: a payment whose own transfer was lost in a restore may stand in another one, of which the
 * operator noted the bank's number (`operator restore match`).
 */
const recorded = `recorded as (
      select coalesce(r.rail_key, b.rail_key) as rail_key, b.status, b.amount, b.currency, b.bank, b.account_number
      from pg_temp.bank_truth b left join ledger.attempt r on r.code = '${afterRestore}' and r.rail_reference = b.rail_reference
    )`;

/**
 * Makes the table that the bank's truth is read into: a temporary one, so it must stand before the read-only snapshot
 * begins, and nothing of the ledger is written.
 */
export async function makeTruthTable(client: pg.ClientBase): Promise<void> {
  await client.query(`create temporary table bank_truth (rail_key text not null, status text not null, amount numeric not null, currency text not null,
    bank text not null, account_number text not null, rail_reference text)`);
}

/** Copies records of the bank's truth into the table. */
export async function keepTruth(client: pg.ClientBase, page: readonly BankRecord[]): Promise<void> {
  await client.query(
    `insert into pg_temp.bank_truth select x.rail_key, x.status, x.amount::numeric, x.currency, x.bank, x.account_number, x.rail_reference
     from jsonb_to_recordset($1::jsonb) x(rail_key text, status text, amount text, currency text, bank text, account_number text, rail_reference text)`,
    [JSON.stringify(page)],
  );
}

/**
 * Runs in the snapshot, which is older than the bank's truth: what we call final must be in it. A bank may turn a
 * transfer away without writing it down, so a rejected one need not be there; but nothing that we gave back may have
 * been taken, unless the contradiction is on our books.
 */
export const ours: Check = {
  name: 'truth-ours',
  promise:
    'What we call completed the bank accepted once, over the same amount to the same account; what we gave back it did not accept.',
  counted: 'attempts',
  smallestBy: 'transfer',
  examined: 'select count(*) from ledger.attempt',
  breaches: `
    with ${recorded}, bank as (
      select rail_key, count(*) as times, count(*) filter (where status = 'accepted') as accepted, min(amount) as least, max(amount) as most,
        min(currency) as currency, min(bank) as bank, min(account_number) as account_number
      from recorded group by rail_key
    )
    select t.id::text as id, format('transfer %s is %s over %s %s under %s; the bank took it %s times and accepted %s over %s %s', t.id, t.state, t.amount, t.currency,
      a.rail_key, coalesce(k.times, 0), coalesce(k.accepted, 0), k.most, k.currency) as witness
    from ledger.transfer t join ledger.attempt a on a.transfer_id = t.id left join bank k on k.rail_key = a.rail_key
    where (t.state in ('completed', 'reversed') and a.contradicted_at is null
        and (k.accepted is distinct from 1 or k.least <> t.amount or k.most <> t.amount or k.currency <> t.currency
          or k.bank is distinct from ledger.bank_of(t.destination_bank) or k.account_number is distinct from ledger.account_number_of(t.destination_bank)))
      or (t.state in ('rejected', 'failed', 'cancelled', 'declined') and k.accepted > 0 and a.contradicted_at is null)`,
};

/** Runs in a second snapshot, which is younger than the bank's truth: what the bank took we had asked for, before it took it. */
export const theirs: Check = {
  name: 'truth-theirs',
  promise: 'What the bank took we asked for, over that amount and currency, and it took no key twice.',
  counted: 'records of the bank',
  smallestBy: 'key of the rail',
  examined: 'select count(*) from pg_temp.bank_truth',
  breaches: `
    with ${recorded}
    select b.rail_key as id, format('the bank took %s over %s %s (%s), we asked for %s %s', b.rail_key, b.amount, b.currency, b.status, coalesce(t.amount::text, 'nothing'), t.currency) as witness
    from recorded b left join ledger.attempt a on a.rail_key = b.rail_key left join ledger.transfer t on t.id = a.transfer_id
    where t.id is null or t.amount <> b.amount or t.currency <> b.currency
    union all
    select rail_key, format('the bank took %s %s times', rail_key, count(*)) from recorded group by rail_key having count(*) > 1`,
};
