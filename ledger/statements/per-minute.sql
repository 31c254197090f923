-- execute: quittance_api, quittance_worker, quittance_reader

-- How many statements of a month became ready in a minute, lately: in this one and the one before,
-- or since the month was cut where that was later. Reads the few stripes of its tally, and no
-- statement. Null: it is not cut yet.
create or replace function ledger.statements_per_minute(
  p_tenant uuid,
  p_month text,
  p_cut_at timestamptz
) returns float8
language sql stable set search_path = ledger, pg_temp as $$
  select
    60.0 * coalesce(sum(
      case tally.minute
        when this.minute then tally.in_minute + tally.in_minute_before
        when this.minute - interval '1 minute' then tally.in_minute
        else 0
      end), 0)::float8
    / greatest(
        extract(epoch from now() - greatest(p_cut_at, this.minute - interval '1 minute')), 1
      )::float8
  from (select date_trunc('minute', now()) as minute) this
  left join statement_tally tally on tally.tenant_id = p_tenant and tally.month = p_month
  where p_cut_at is not null
  group by this.minute
$$;
