-- execute: quittance_api, quittance_worker
-- needs: ledger/statements/in-zone.sql, ledger/statements/months/place.sql
-- needs: ledger/statements/take/sum.sql

-- The postings of a tenant's statement, in their sequence, behind a place (the time and the number
-- of a posting; null: from the first), at most 5,000. The range is fixed, and an account is called
-- as it was when the statement was cut, so what is answered never changes. Instants have the offset
-- of the statement's zone. On the other side of a posting stands who is at the bank, or an account
-- of a client's; the platform's own are not named.
create or replace function ledger.statement_postings(
  p_tenant uuid,
  p_statement uuid,
  p_after_at timestamptz,
  p_after_seq bigint,
  p_limit int
) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  with page as materialized (
    select
      posted.*, asked.from_at, usable.zone, asked.created_at as cut_at, asked.cut_snapshot
    from statement asked
    cross join lateral (select usable_zone(asked.zone) as zone offset 0) usable
    cross join lateral (
      select *
      from posting
      where posting.account_id = asked.account_id
        and posting.created_at >= coalesce(p_after_at, asked.from_posted_at, '-infinity')
        and posting.created_at <= asked.to_posted_at
        and posting.seq > coalesce(p_after_seq, asked.from_seq)
        and posting.seq <= asked.to_seq
      order by posting.created_at, posting.seq
      limit least(p_limit, 5000)
    ) posted
    where asked.id = p_statement and asked.tenant_id = p_tenant
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'seq', page.seq::text,
    'at', rfc3339_in_zone(page.created_at, page.zone),
    'valueAt', rfc3339_in_zone(page.effective_at, page.zone),
    'amount', page.signed::text,
    'balanceAfter', page.balance_after::text,
    'text', coalesce(entry.description, transfer.description, ''),
    'counterparty', case
      when other.account_id is null or account.kind not in ('customer', 'funding')
        then transfer.destination_bank ->> 'name'
      else coalesce((
        select former.name
        from former_account_name former
        where former.account_id = other.account_id
          -- What was not committed when it was cut came after it, whatever the clock said. Of a
          -- day: in a database that was filled from a dump older numbers say nothing.
          and (
            former.ended_at > page.cut_at
            or former.ended_at > page.cut_at - interval '1 day'
              and not pg_visible_in_snapshot(former.xid, page.cut_snapshot)
          )
        order by former.ended_at
        limit 1
      ), account.name)
    end,
    'reference', transfer.reference,
    'transferId', page.transfer_id,
    'entryId', page.entry_id,
    'reverses', coalesce(entry.reverses_id, reversed.entry_id),
    'isLate', is_late(page.effective_at, page.created_at, page.from_at)
  ) order by page.seq), '[]')
  from page
  left join entry on entry.id = page.entry_id and entry.created_at = page.created_at
  left join transfer on transfer.id = page.transfer_id
  left join transfer reversed on reversed.id = transfer.reverses_id
  -- One by one: a plan that joins two sets of unknown size may compare each with each.
  left join lateral (
    select beside.account_id
    from posting beside
    where beside.entry_id = page.entry_id
      and beside.created_at = page.created_at
      and beside.leg = page.leg
      and beside.side <> page.side
    limit 1
  ) other on true
  left join account on account.id = other.account_id
$$;
