import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

/**
 * What was published on each day, and to whom. `pairs`: who was told, with the event of it. Of those who were told some time ago the row was removed and
 * counted; `gone_day`: the day of which such an event may be.
 */
const pairs = `
    with published as (
      select p.day, p.begun_at, p.removed, p.n, jsonb_build_object('checkpoint', s.checkpoint, 'sha256', encode(sha256(convert_to(s.checkpoint, 'UTF8')), 'hex'), 'epoch', s.epoch,
        'segment', s.n, 'tree_size', s.tree_size, 'signed_at', to_char(s.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as says
      from ledger.archive_publication p left join ledger.archive_segment s on s.n = p.n and s.status = 'finished'
    ), told as (
      select t.*, p.begun_at, p.n, p.says from ledger.archive_publication_tenant t left join published p on p.day = t.day
    ), event as (
      select *, count(*) over (partition by subject_id) as events from ledger.event where subject_type = 'checkpoint'
    ), pairs as (
      select t.day, t.tenant_id as told, t.id, t.begun_at, t.n, t.says, g.day as gone_day, e.subject_id, e.tenant_id, e.version, e.from_state, e.cause, e.to_state, e.evidence, e.events
      from told t full join event e on e.subject_id = t.id
      left join published g on t.id is null and g.removed > 0 and g.says = e.evidence
        and (e.version, e.from_state, e.cause, e.to_state, e.events) is not distinct from (1, null::text, 'published', 'published', 1::bigint)
    )`;

export const publications: Check = {
  name: 'publications',
  promise:
    'What was published of the archive is the checkpoint of a finished segment, one for each day. Whom it was told has one event of it, which says exactly that checkpoint; nobody else has one. Of a day whose tenants were removed there are as many events as were removed.',
  counted: 'tenants that were told a checkpoint, whose rows are not removed',
  smallestBy: 'tenant, then day; last, a day',
  examined: 'select count(*) from ledger.archive_publication_tenant',
  breaches: `${pairs}
    select coalesce(p.told, p.tenant_id)::text || coalesce(p.day::text, '') as id,
      format('tenant %s was told the checkpoint of segment %s on %s; its event %s (of %s) is version %s of tenant %s, from %s by %s to %s, and says %s', coalesce(p.told, p.tenant_id),
        p.n, p.day, coalesce(p.id, p.subject_id), coalesce(p.events, 0), coalesce(p.version::text, 'none'), p.tenant_id, coalesce(p.from_state, 'nothing'), p.cause, p.to_state, p.evidence) as witness
    from pairs p
    where p.gone_day is null and not (p.subject_id is null and p.begun_at < ${attachedFrom})
      and ((p.tenant_id, p.version, p.from_state, p.cause, p.to_state, p.events) is distinct from (p.told, 1, null, 'published', 'published', 1)
        or p.evidence is distinct from p.says)
    union all
    select 'of ' || p.day, format('of %s the rows of %s tenants were removed, and %s tenants have %s events of it', p.day, p.removed, count(distinct e.tenant_id), count(e.subject_id))
    from published p left join pairs e on e.gone_day = p.day
    where p.begun_at >= ${attachedFrom}
    group by p.day, p.removed having (count(e.subject_id), count(distinct e.tenant_id)) <> (p.removed, p.removed)
    union all
    select 'on ' || p.day, format('on %s the checkpoint of segment %s was published, which is %s', p.day, p.n, coalesce(s.status, 'not there'))
    from ledger.archive_publication p left join ledger.archive_segment s on s.n = p.n
    where s.status is distinct from 'finished'`,
};
