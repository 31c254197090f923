import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

export const publications: Check = {
  name: 'publications',
  promise:
    'What was published of the archive is the checkpoint of a finished segment, one for each day. Whom it was told has one event of it, which says exactly that checkpoint; nobody else has one.',
  counted: 'tenants that were told a checkpoint',
  smallestBy: 'tenant, then day; last, a day',
  examined: 'select count(*) from ledger.archive_publication_tenant',
  breaches: `
    with told as (
      select t.*, p.begun_at, s.n, s.epoch, s.tree_size, s.finished_at, s.checkpoint
      from ledger.archive_publication_tenant t
      left join ledger.archive_publication p on p.day = t.day
      left join ledger.archive_segment s on s.n = p.n and s.status = 'finished'
    )
    select coalesce(t.tenant_id, e.tenant_id)::text || coalesce(t.day::text, '') as id,
      format('tenant %s was told the checkpoint of segment %s on %s; its event %s (of %s) is version %s of tenant %s, from %s by %s to %s, and says %s', coalesce(t.tenant_id, e.tenant_id),
        t.n, t.day, coalesce(t.id, e.subject_id), coalesce(e.events, 0), coalesce(e.version::text, 'none'), e.tenant_id, coalesce(e.from_state, 'nothing'), e.cause, e.to_state, e.evidence) as witness
    from told t
    full join (
      select *, count(*) over (partition by subject_id) as events from ledger.event where subject_type = 'checkpoint'
    ) e on e.subject_id = t.id
    where not (e.subject_id is null and t.begun_at < ${attachedFrom})
      and ((e.tenant_id, e.version, e.from_state, e.cause, e.to_state, e.events) is distinct from (t.tenant_id, 1, null, 'published', 'published', 1)
      or e.evidence is distinct from jsonb_build_object('checkpoint', t.checkpoint, 'sha256', encode(sha256(convert_to(t.checkpoint, 'UTF8')), 'hex'), 'epoch', t.epoch,
        'segment', t.n, 'tree_size', t.tree_size, 'signed_at', to_char(t.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
    union all
    select 'on ' || p.day, format('on %s the checkpoint of segment %s was published, which is %s', p.day, p.n, coalesce(s.status, 'not there'))
    from ledger.archive_publication p left join ledger.archive_segment s on s.n = p.n
    where s.status is distinct from 'finished'`,
};
