import type { Check } from './run.ts';

/** An answer under a key is made of its transfer's first event, so what an event keeps as evidence is as much part of the books as its state. */
export const evidence: Check = {
  name: 'evidence',
  promise:
    'Events are numbered by ids of their own time, and name the entry, the refusal and the reference of the rail that their transfer has.',
  counted: 'events',
  smallestBy: 'subject of the event, then version; or the event',
  examined: 'select count(*) from ledger.event',
  breaches: `
    with told as (
      select v.*, v.subject_id as transfer_id, v.evidence ->> 'entry_id' as entry_id, v.evidence -> 'refusal' ->> 'code' as refusal_code,
        v.evidence -> 'refusal' ->> 'detail' as refusal_detail, v.evidence ->> 'rail_reference' as rail_reference,
        ('x' || left(replace(v.id::text, '-', ''), 12))::bit(48)::bigint as id_ms, v.cause <> 'contradicted' as is_step
      from ledger.event v
    )
    select v.transfer_id::text || lpad(v.version::text, 9, '0') as id,
      format('transfer %s, version %s (%s to %s): its evidence names the entry %s and the refusal %s (%s), the row has %s and %s (%s)', v.transfer_id, v.version,
        v.cause, v.to_state, coalesce(v.entry_id, 'none'), coalesce(v.refusal_code, 'none'), v.refusal_detail, coalesce(t.entry_id::text, 'none'),
        coalesce(t.refusal_code, 'none'), t.refusal_detail) as witness
    from told v join ledger.transfer t on t.id = v.transfer_id and v.subject_type = 'transfer'
    where (v.is_step and v.entry_id is distinct from case when v.to_state = 'completed' then t.entry_id::text end)
      or (not v.is_step and v.entry_id is not null and not exists (
        select 1 from ledger.entry e where e.id::text = v.entry_id and e.transfer_id = t.id))
      or (v.is_step and (v.refusal_code, v.refusal_detail) is distinct from
        (case when v.to_state in ('declined', 'rejected', 'failed') then t.refusal_code end,
         case when v.to_state in ('declined', 'rejected', 'failed') then t.refusal_detail end))
    union all
    select v.transfer_id::text || lpad(v.version::text, 9, '0'),
      format('%s %s, version %s: its id is of %s, the event of %s', v.subject_type, v.subject_id, v.version, to_timestamp(v.id_ms / 1000.0), v.created_at)
    from told v where abs(v.id_ms - extract(epoch from v.created_at) * 1000) > 1
    union all
    select v.id::text, format('the event id %s is on %s events', v.id, count(*)) from ledger.event v group by v.id having count(*) > 1
    union all
    select v.transfer_id::text, format('transfer %s was %s under the reference %s, its attempt says %s', v.transfer_id, v.to_state, v.rail_reference, a.rail_reference)
    from told v join ledger.attempt a on a.transfer_id = v.transfer_id
    where v.is_step and v.cause = 'accepted' and a.contradicted_at is null and v.rail_reference is distinct from a.rail_reference`,
};
