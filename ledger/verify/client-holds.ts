import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

/** A client's hold is derived from its requests, their entries and its events; each of the three has all that happened. */
export const clientHolds: Check = {
  name: 'client-holds',
  promise:
    "A client's hold has captured what its captures moved, each by an entry from its source to its destination, and its events lead to its state at their times; what it was refused made nothing.",
  counted: 'holds of clients',
  smallestBy: 'hold or its request',
  examined: 'select count(*) from ledger.client_hold',
  breaches: `
    with captured as (
      select hold_id, count(*) as n, sum(amount) as amount, max(captured_amount) as last_amount,
        bool_or(hold_state = 'captured') as is_closed from ledger.hold_request where entry_id is not null group by hold_id
    ), leg as (
      select p.entry_id, count(*) as postings, min(p.amount) as least, max(p.amount) as most,
        min(p.account_id::text) filter (where p.side = 'debit') as debit, min(p.account_id::text) filter (where p.side = 'credit') as credit
      from ledger.posting p join ledger.hold_request r on r.entry_id = p.entry_id group by p.entry_id
    ), story as (
      select e.*, lag(e.version) over w as version_before, lag(e.to_state) over w as state_before, lead(e.version) over w is null as is_last
      from ledger.event e where e.subject_type = 'hold' window w as (partition by e.subject_id order by e.version)
    )
    select h.id::text as id, format('hold %s (%s) says %s captured in %s parts, its requests make %s in %s', h.id, h.state, h.captured_amount, h.captures,
      coalesce(c.amount, 0), coalesce(c.n, 0)) as witness
    from ledger.client_hold h left join captured c on c.hold_id = h.id
    where h.captured_amount <> coalesce(c.amount, 0) or h.captures <> coalesce(c.n, 0) or h.captured_amount <> coalesce(c.last_amount, 0)
      or (h.state = 'captured') <> coalesce(c.is_closed, false) or h.version <> 1 + h.captures + (h.state in ('released', 'expired'))::int
    union all
    select r.id::text, format('the capture %s of hold %s moved %s by the entry %s, which has %s postings over %s from %s to %s', r.id, r.hold_id, r.amount, r.entry_id,
      coalesce(l.postings, 0), l.most, l.debit, l.credit)
    from ledger.hold_request r join ledger.client_hold h on h.id = r.hold_id left join leg l on l.entry_id = r.entry_id
    where r.entry_id is not null and r.created_at >= ${attachedFrom} and (l.entry_id is null or l.postings <> 2 or l.least <> r.amount or l.most <> r.amount
      or l.debit <> h.source_account_id::text or l.credit <> h.destination_account_id::text)
    union all
    select r.id::text, format('the request %s (%s, %s) of tenant %s is about the hold %s, which is %s', r.id, r.act, coalesce(r.refusal_code, 'done'), r.tenant_id,
      r.hold_id, coalesce('of tenant ' || h.tenant_id, 'not there'))
    from ledger.hold_request r left join ledger.client_hold h on h.id = r.hold_id
    where h.tenant_id is distinct from case when r.act = 'create' and r.refusal_code is not null then null else r.tenant_id end
    union all
    select h.id::text, format('hold %s was asked for by nobody', h.id) from ledger.client_hold h
    where not exists (select 1 from ledger.hold_request r where r.id = h.id and r.act = 'create' and r.refusal_code is null and r.created_at = h.created_at)
    union all
    select h.id::text, format('hold %s of tenant %s is over %s, its accounts are of %s and %s in %s and %s', h.id, h.tenant_id, h.currency, s.tenant_id, d.tenant_id,
      s.currency, d.currency)
    from ledger.client_hold h left join ledger.balance s on s.account_id = h.source_account_id left join ledger.balance d on d.account_id = h.destination_account_id
    where (h.tenant_id, h.currency) is distinct from (s.tenant_id, s.currency) or (h.tenant_id, h.currency) is distinct from (d.tenant_id, d.currency)
    union all
    select coalesce(h.id, e.subject_id)::text, format('hold %s is %s in version %s, changed at %s and closed at %s; its event %s is %s to %s at %s', coalesce(h.id, e.subject_id),
      coalesce(h.state, 'not there'), h.version, h.updated_at, h.closed_at, coalesce(e.version::text, 'none'), e.cause, e.to_state, e.created_at)
    from ledger.client_hold h full join story e on e.subject_id = h.id
    where h.id is null or (e.version is null and h.updated_at >= ${attachedFrom}) or e.tenant_id <> h.tenant_id or e.version <> e.version_before + 1
      or (e.version_before is null and e.version <> 1 and h.created_at >= ${attachedFrom})
      or ((e.version_before is not null or e.version = 1) and e.from_state is distinct from e.state_before)
      or (e.version = 1 and (e.cause <> 'created' or e.created_at <> h.created_at))
      or (e.is_last and (e.to_state <> h.state or e.version <> h.version or e.created_at <> h.updated_at
        or h.closed_at is distinct from case when h.state <> 'open' then e.created_at end))`,
};
