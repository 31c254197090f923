-- execute: nobody
-- needs: ledger/commit/posted-sum.sql

-- Adds what a commit posts to the totals. Takes for each the first stripe that no other commit has
-- locked, and makes one where all are: nobody waits for another here, and there are at most as many
-- stripes as commits ran at once.
create or replace function ledger.add_to_totals(p_sums ledger.posted_sum[]) returns void
language plpgsql as $$
declare
  v_sum ledger.posted_sum;
begin
  foreach v_sum in array p_sums loop
    update posted_total total set
      debits = total.debits + v_sum.debits,
      credits = total.credits + v_sum.credits
    where total.tenant_id = v_sum.tenant_id
      and total.currency = v_sum.currency
      and total.kind = v_sum.kind
      and total.stripe = (
        select free.stripe from posted_total free
        where free.tenant_id = v_sum.tenant_id
          and free.currency = v_sum.currency
          and free.kind = v_sum.kind
        order by free.stripe
        limit 1
        for no key update skip locked
      );
    if not found then
      insert into posted_total (tenant_id, currency, kind, debits, credits)
      values (v_sum.tenant_id, v_sum.currency, v_sum.kind, v_sum.debits, v_sum.credits);
    end if;
  end loop;
end $$;
