-- execute: quittance_worker

-- The terms of a rail that decide about money, as its worker knows them. Times are milliseconds.
create type ledger.rail_terms as (
  request_timeout_ms int,
  lease_margin_ms int,
  quiet_period_ms int,
  inquiry_waits_ms int[],
  give_up_ms bigint,
  retry_ms int,
  deduplicates_ms bigint,
  breaker_failures int,
  breaker_window_ms int,
  breaker_open_ms int
);

-- Keeps the terms of a rail, unless newer ones are kept already: an older build that starts during
-- a deploy never overwrites those of a newer one. Returns whether these hold now. Raises for a
-- rail that there is not.
create or replace function ledger.set_rail_terms(p_rail text, p_version int, p_terms jsonb)
returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  terms rail_terms := jsonb_populate_record(null::rail_terms, p_terms);
begin
  update rail set
    terms_version = p_version,
    terms_at = now(),
    request_timeout_ms = terms.request_timeout_ms,
    lease_margin_ms = terms.lease_margin_ms,
    quiet_period_ms = terms.quiet_period_ms,
    inquiry_waits_ms = terms.inquiry_waits_ms,
    give_up_ms = terms.give_up_ms,
    retry_ms = terms.retry_ms,
    deduplicates_ms = terms.deduplicates_ms,
    breaker_failures = terms.breaker_failures,
    breaker_window_ms = terms.breaker_window_ms,
    breaker_open_ms = terms.breaker_open_ms
  where name = p_rail and terms_version <= p_version;
  if found then
    return true;
  end if;
  if not exists (select from rail where name = p_rail) then
    raise exception 'no such rail: %', p_rail;
  end if;
  return false;
end $$;
