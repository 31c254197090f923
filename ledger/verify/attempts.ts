import type { Check } from './run.ts';

/** The rail key is written out again here, five bits at a time: 26 digits for the transfer, Q, one for the attempt. */
export const attempts: Check = {
  name: 'attempts',
  promise:
    'A transfer that goes to a network has one attempt under the one rail key that its id makes, and its outcome fits the state.',
  counted: 'attempts',
  smallestBy: 'transfer',
  examined: 'select count(*) from ledger.attempt',
  breaches: `
    with digits as (select '0123456789ABCDEFGHJKMNPQRSTVWXYZ' as d), derived as (
      select a.transfer_id, a.n, (
        select string_agg(substr(d, substring(b'00' || ('x' || replace(a.transfer_id::text, '-', ''))::bit(128) from i * 5 + 1 for 5)::bit(5)::int + 1, 1), '' order by i)
          || 'Q' || min(substr(d, a.n, 1)) from generate_series(0, 25) i, digits) as rail_key
      from ledger.attempt a
    )
    select coalesce(t.id, a.transfer_id)::text as id,
      format('transfer %s is %s on %s, its attempt %s has the key %s and the outcome %s', coalesce(t.id, a.transfer_id), coalesce(t.state, 'not there'), t.rail,
        coalesce(a.n::text, '(none)'), coalesce(a.rail_key, 'none'), coalesce(a.outcome, 'none')) as witness
    from ledger.transfer t
    full join ledger.attempt a on a.transfer_id = t.id
    left join derived k on k.transfer_id = a.transfer_id and k.n = a.n
    where t.id is null
      or (a.n is null) <> (t.rail = 'book' or t.state = 'declined')
      or a.rail_key <> k.rail_key or a.rail <> t.rail or a.tenant_id <> t.tenant_id
      or (a.contradicted_at is null and a.outcome is distinct from
        case t.state when 'completed' then 'accepted' when 'reversed' then 'accepted' when 'rejected' then 'rejected' end and a.n is not null)
    union all
    select min(transfer_id::text), format('the rail key %s is on %s attempts, of the transfers %s', rail_key, count(*), string_agg(transfer_id::text, ' and ' order by transfer_id)) from ledger.attempt group by rail_key having count(*) > 1
    union all
    -- A network gives each instruction a reference of its own.
    select min(r.transfer_id::text), format('the reference %s of %s is on %s attempts, of the transfers %s', r.reference, r.rail, count(*),
      string_agg(r.transfer_id::text, ' and ' order by r.transfer_id))
    from (
      select rail, rail_reference as reference, transfer_id, n as attempt_n from ledger.attempt where rail_reference is not null
      union
      select a.rail, s.rail_reference, s.transfer_id, s.attempt_n from ledger.send s join ledger.attempt a on a.transfer_id = s.transfer_id and a.n = s.attempt_n
        where s.rail_reference is not null
      union
      select rail, rail_reference, transfer_id, attempt_n from ledger.contradiction where rail_reference <> ''
    ) r group by r.rail, r.reference having count(*) > 1`,
};
