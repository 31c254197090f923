import { operator, type VerbCase } from './verb-case.ts';

/** This month of the size book, which is the one with rows, as if it were being detached, and accounts as they stood before it. */
const keeping = (step: string, more = '') => ({
  before: `set session_replication_role = replica;
    insert into ledger.detached_month (month, from_at, to_at, status, step, begun_at, detached_at)
    select month::date, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC', status, step, now(), at
    from date_trunc('month', now() at time zone 'UTC') this (month_of)
    cross join lateral (values (month_of, 'keeping', '${step}', null::timestamptz), (month_of - interval '1 month', 'detached', 'whole', now()))
      known (month, status, step, at);
    insert into ledger.kept_balance (account_id, month, tenant_id, currency, normal, seq, posted_at, debit_posted, credit_posted, balance_after, changes)
    select account_id, (date_trunc('month', now() at time zone 'UTC') - interval '1 month')::date, tenant_id, currency, 1, seq, now(), 0, 100 * seq, 100 * seq, 0
    from (select account_id, tenant_id, currency, min(seq) - 1 as seq from ledger.posting where side = 'credit' group by 1, 2, 3) posted;
    ${more}
    set session_replication_role = origin`,
  after: `set session_replication_role = replica; delete from ledger.kept_balance; delete from ledger.kept_event; delete from ledger.kept_entry;
    delete from ledger.detached_month; set session_replication_role = origin`,
});
const keep = `select ledger.keep_rows(date_trunc('month', now() at time zone 'UTC')::date, 10000)`;
const accounts = `insert into ledger.kept_balance (account_id, month, tenant_id, currency, normal, seq, posted_at, debit_posted, credit_posted, balance_after, changes)
  select id, date_trunc('month', now() at time zone 'UTC')::date, tenant_id, currency, 1, 1, now(), 0, 0, 0, 0 from ledger.account
  where kind not in ('customer', 'funding') or tenant_id <> (select min(id::text)::uuid from ledger.tenant) limit 15000;`;
const month = "date_trunc('month', now() at time zone 'UTC' - interval '4 months')::date";

/** The verbs of months. */
export const monthVerbs: Record<string, readonly VerbCase[]> = {
  list_months: [operator('every month', 'select ledger.list_months(3)', 400_000)],
  begin_detaching: [operator('one that may not go', `select ledger.begin_detaching(${month}, 3, 'olga')`, 400_000)],
  keep_rows: [
    { ...operator('10,000 postings of one account', keep, 200_000), ...keeping('postings') },
    { ...operator('10,000 entries', keep, 200_000), ...keeping('entries') },
    { ...operator('10,000 events', keep, 400_000), ...keeping('events') },
    { ...operator('the statements of accounts', keep, 400_000), ...keeping('statements', accounts) },
  ],
  detach_month: [operator('one that is not kept', `select ledger.detach_month(${month}, 3, 250, 'olga')`, 200)],
  attach_month: [operator('one that is attached', `select ledger.attach_month(${month}, 250, 'olga')`, 200)],
};
