-- execute: nobody

-- Whether a posting belongs to a time before that of its statement: it was effective then, or a
-- clock that was set back committed it there.
create or replace function ledger.is_late(
  p_effective_at timestamptz,
  p_created_at timestamptz,
  p_from_at timestamptz
) returns boolean
language sql immutable
return p_effective_at < p_from_at or p_created_at < p_from_at;

-- Sums what was posted on statements that the caller has locked, at most so many postings in all:
-- one with more is summed by the next calls. What is summed must have as many postings as numbers,
-- and come to the balance that the last of them left. Returns those that do not.
create or replace function ledger.sum_statements(p_ids uuid[], p_postings int) returns uuid[]
language plpgsql as $$
declare
  v_unsound uuid[];
begin
  with wanted as (
    select
      statement.*,
      sum(to_seq - summed_seq) over (order by due_at, id) - (to_seq - summed_seq) as ahead
    from statement
    where id = any (p_ids) and summed_seq < to_seq
  ), total as materialized (
    select wanted.*, read.*
    from wanted
    cross join lateral (
      select
        count(*) as postings,
        max(posting.seq) as last_seq,
        max(posting.created_at) as last_at,
        coalesce(sum(posting.signed) filter (where posting.signed > 0), 0)::bigint as new_in,
        -coalesce(sum(posting.signed) filter (where posting.signed < 0), 0)::bigint as new_out,
        count(*) filter (where posting.signed > 0)::int as new_count_in,
        count(*) filter (where posting.signed < 0)::int as new_count_out,
        count(*) filter (
          where is_late(posting.effective_at, posting.created_at, wanted.from_at)
        )::int as new_late,
        coalesce(sum(posting.signed) filter (
          where is_late(posting.effective_at, posting.created_at, wanted.from_at)
        ), 0)::bigint as new_late_amount
      from (
        select seq, signed, effective_at, created_at
        from posting
        where posting.account_id = wanted.account_id
          and posting.created_at >= coalesce(wanted.summed_at, '-infinity')
          and posting.created_at <= wanted.to_posted_at
          and posting.seq > wanted.summed_seq
          and posting.seq <= wanted.to_seq
        order by posting.created_at, posting.seq
        limit (p_postings - wanted.ahead)::bigint
      ) posting
    ) read
    where wanted.ahead < p_postings
  ), judged as materialized (
    select
      total.*,
      last_one.balance_after as last_balance,
      coalesce(
        total.postings = total.last_seq - total.summed_seq
          and total.summed_balance + total.new_in - total.new_out = last_one.balance_after
          and (total.last_seq < total.to_seq or last_one.balance_after = total.closing),
        false) as is_sound
    from total
    left join posting last_one
      on last_one.account_id = total.account_id
      and last_one.created_at = total.last_at
      and last_one.seq = total.last_seq
  ), summed as (
    update statement set
      summed_seq = judged.last_seq,
      summed_at = judged.last_at,
      summed_balance = judged.last_balance,
      money_in = statement.money_in + judged.new_in,
      money_out = statement.money_out + judged.new_out,
      count_in = statement.count_in + judged.new_count_in,
      count_out = statement.count_out + judged.new_count_out,
      late_count = statement.late_count + judged.new_late,
      late_amount = statement.late_amount + judged.new_late_amount
    from judged
    where statement.id = judged.id and judged.is_sound
  )
  select array_agg(judged.id) filter (where not judged.is_sound) into v_unsound from judged;
  return coalesce(v_unsound, '{}');
end $$;
