-- execute: nobody
-- needs: ledger/rails/bank-of.sql

-- What waits as a row: taken when due, carried by a group, watched when overdue.

-- Accounts whose transfers on a rail are on their way by a drain: they are left alone, so that one account's transfers go in turn.
create or replace function ledger.busy_accounts(p_rail text, p_now timestamptz) returns setof uuid language sql stable set search_path = ledger, pg_temp as $$
  select t.source_account_id from transfer t where t.rail = p_rail
    and (t.state = 'scheduled' and t.carrier is not null and t.next_at > p_now or t.state = 'submitting' and t.carrier <> t.created_by_group)
$$;

-- The rows that a drain may take now, those that were reserved first before the others. Two plain walks along an index, because
-- after an outage there may be a hundred thousand rows, of which the planner knows nothing yet.
create or replace function ledger.due_rows(p_rail text, p_now timestamptz, p_limit int) returns uuid[] language sql stable set search_path = ledger, pg_temp as $$
  with busy as materialized (select distinct busy_accounts(p_rail, p_now) as account_id),
  in_line as (
    -- send_when_rail_opens: its next_at was a guess at the probe, and the rail is open now.
    select t.id from transfer t where t.rail = p_rail and t.state = 'scheduled' and t.waiting_for = 'rail'
      and (t.next_at <= p_now or t.next_what = 'send_when_rail_opens') and t.source_account_id not in (select account_id from busy)
    order by t.id limit p_limit
  ), fallen_due as (
    select t.id from transfer t where t.rail = p_rail and t.state = 'scheduled' and t.next_at <= p_now and t.waiting_for <> 'rail'
      and t.source_account_id not in (select account_id from busy)
    order by t.next_at limit p_limit
  )
  select array_agg(x.id) from (select id from in_line union all select id from fallen_due order by id limit p_limit) x
$$;

-- The one row that tries an open breaker: of the tenant that probed longest ago, to its bank that was probed longest ago, the row
-- that was tried longest ago. So nobody's failing transfers, however many, keep the rail closed for others by more than a turn each.
create or replace function ledger.next_probe(q ledger.rail, p_now timestamptz) returns uuid[] language sql stable set search_path = ledger, pg_temp as $$
  with busy as materialized (select distinct busy_accounts(q.name, p_now) as account_id)
  select array_agg(x.id) from (
    select t.id from transfer t where t.rail = q.name and t.state = 'scheduled' and t.waiting_for <> 'person'
      and (t.next_at <= p_now or t.next_what = 'send_when_rail_opens' and t.carrier is null)
      and t.source_account_id not in (select account_id from busy)
    order by coalesce(array_position(q.probed_tenants, t.tenant_id::text), 0),
      coalesce(array_position(q.probed_banks, t.tenant_id || '/' || bank_of(t.destination_bank)), 0), t.state_since, t.id
    limit 1) x
$$;

-- A probe is on its way: nobody sends another until its lease is over, and its tenant and bank go to the back of the line.
-- The last 63 of each are remembered; whoever was before them counts as never probed.
create or replace function ledger.note_probe(q ledger.rail, p_transfer uuid, p_until timestamptz) returns void
language sql volatile set search_path = ledger, pg_temp as $$
  update rail r set probe_at = p_until,
    probed_tenants = (array_remove(q.probed_tenants, x.tenant) || x.tenant)[greatest(cardinality(q.probed_tenants) - 62, 1):],
    probed_banks = (array_remove(q.probed_banks, x.bank) || x.bank)[greatest(cardinality(q.probed_banks) - 62, 1):]
  from (select t.tenant_id::text as tenant, t.tenant_id || '/' || bank_of(t.destination_bank) as bank from transfer t where t.id = p_transfer) x
  where r.name = q.name
$$;
