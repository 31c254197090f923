import { transitions } from '../../domain/transfer.ts';
import { attachedFrom, isYoung } from './attached.ts';
import type { Check } from './run.ts';

/** The state table is given by the program, so that a row slipped into the database's own copy is found too. */
export const states: Check = {
  name: 'states',
  promise:
    "A transfer's events, version by version, are a walk through the state table that ends in the row's state, cause and version. The events of every other thing are numbered without a gap.",
  counted: 'events',
  smallestBy: 'subject of the event, then version; last, the table of states',
  examined: 'select count(*) from ledger.event',
  values: [JSON.stringify(transitions.map(({ from, cause, to }) => ({ from_state: from, cause, to_state: to })))],
  breaches: `
    with listed as (
      select * from jsonb_to_recordset($1::jsonb) x(from_state text, cause text, to_state text)
    ), walk as (
      select e.subject_id as transfer_id, e.version, e.from_state, e.cause, e.to_state, e.created_at,
        lag(e.version) over w as version_before, lag(e.to_state) over w as state_before, lag(e.created_at) over w as time_before,
        lead(e.version) over w is null as is_last
      from ledger.event e where e.subject_type = 'transfer' window w as (partition by e.subject_id order by e.version)
    )
    select w.transfer_id::text || lpad(w.version::text, 9, '0') as id,
      format('transfer %s, version %s: %s by %s to %s, after version %s in %s; its row says %s by %s in version %s', w.transfer_id, w.version,
        coalesce(w.from_state, 'nothing'), w.cause, w.to_state, coalesce(w.version_before, 0), coalesce(w.state_before, 'nothing'),
        coalesce(t.state, 'nothing'), coalesce(t.cause, 'nothing'), coalesce(t.version, 0)) as witness
    from walk w left join ledger.transfer t on t.id = w.transfer_id
    where w.version <> w.version_before + 1 or (w.version_before is null and w.version <> 1 and coalesce(t.created_at >= ${attachedFrom}, true))
      or ((w.version_before is not null or w.version = 1) and w.from_state is distinct from w.state_before) or w.created_at < w.time_before or t.id is null
      or not exists (select 1 from listed l where l.from_state is not distinct from w.from_state and l.cause = w.cause and l.to_state = w.to_state)
      or (w.version = 1 and w.created_at <> t.created_at)
      or (w.is_last and (w.to_state <> t.state or w.cause <> t.cause or w.version <> t.version))
    union all
    select t.id::text, format('transfer %s is %s and has no story', t.id, t.state) from ledger.transfer t
    where t.updated_at >= ${attachedFrom} and not exists (select 1 from ledger.event e where e.subject_id = t.id and e.subject_type = 'transfer')
    union all
    select e.subject_id::text || lpad(e.version::text, 9, '0'),
      format('%s %s, version %s: there is no event of version %s', e.subject_type, e.subject_id, e.version, e.version - 1)
    from ledger.event e
    where e.subject_type <> 'transfer' and e.version > 1 and not exists (
      select 1 from ledger.event b where b.subject_id = e.subject_id and b.subject_type = e.subject_type and b.version = e.version - 1)
      -- Those before the first that is attached are in a detached month, unless the thing was made later.
      and (${attachedFrom} = '-infinity' or ${isYoung('e.subject_id')} or exists (
        select 1 from ledger.event b where b.subject_id = e.subject_id and b.subject_type = e.subject_type and b.version < e.version))
    union all
    select 'table', format('the step %s by %s to %s is listed in only one of database and program', coalesce(l.from_state, d.from_state, 'nothing'),
      coalesce(l.cause, d.cause), coalesce(l.to_state, d.to_state))
    from listed l full join ledger.transition d on d.from_state = coalesce(l.from_state, '') and d.cause = l.cause and d.to_state = l.to_state
    where l.cause is null or d.cause is null`,
};
