import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

/** An instruction has one reference: a rail that accepts under a second one took the money twice. */
export const contradictions: Check = {
  name: 'contradictions',
  promise:
    'An attempt is accepted under one reference; each other one, and each word against an outcome, is kept once with its event and attention.',
  counted: 'attempts',
  smallestBy: 'transfer, then reference or version',
  examined: 'select count(*) from ledger.attempt',
  breaches: `
    with accepted as (
      select s.transfer_id, s.attempt_n, s.rail_reference as reference from ledger.send s where s.outcome = 'accepted' and s.rail_reference is not null
      union
      select e.subject_id, 1::smallint, e.evidence ->> 'rail_reference' from ledger.event e
      where e.cause = 'accepted' and e.evidence ->> 'rail_reference' is not null
    ), known as (
      select transfer_id, attempt_n, rail_reference as reference from ledger.contradiction where outcome = 'accepted'
      union all
      select transfer_id, n, rail_reference from ledger.attempt where outcome = 'accepted'
    )
    select a.transfer_id::text || a.reference as id, format('transfer %s was accepted as %s, which is neither its reference nor kept as a contradiction', a.transfer_id, a.reference) as witness
    from accepted a where not exists (
      select from known k where k.transfer_id = a.transfer_id and k.attempt_n = a.attempt_n and k.reference = a.reference)
    union all
    select c.transfer_id::text || c.rail_reference, format('transfer %s has the contradiction %s %s at %s, and %s', c.transfer_id, c.outcome, c.rail_reference, c.created_at,
      case when t.id is null then 'is not there' when a.contradicted_at is null then 'its attempt does not say so' else 'no event of it' end)
    from ledger.contradiction c
    left join ledger.transfer t on t.id = c.transfer_id and t.tenant_id = c.tenant_id
    left join ledger.attempt a on a.transfer_id = c.transfer_id and a.n = c.attempt_n
    where t.id is null or a.contradicted_at is null or c.created_at >= ${attachedFrom} and not exists (
      select from ledger.event e where e.subject_id = c.transfer_id and e.cause = 'contradicted' and e.evidence ->> 'outcome' = c.outcome
        and coalesce(e.evidence ->> 'rail_reference', '') = c.rail_reference and e.evidence ->> 'entry_id' is not distinct from c.entry_id::text)
    union all
    select e.subject_id::text || lpad(e.version::text, 9, '0'), format('transfer %s was contradicted in version %s, and no such contradiction is kept', e.subject_id, e.version)
    from ledger.event e where e.cause = 'contradicted' and not exists (
      select from ledger.contradiction c where c.transfer_id = e.subject_id and c.outcome = e.evidence ->> 'outcome'
        and c.rail_reference = coalesce(e.evidence ->> 'rail_reference', ''))`,
};
