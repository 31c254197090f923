import { attachedFrom } from './attached.ts';
import type { Check } from './run.ts';

export const batches: Check = {
  name: 'batches',
  promise:
    'Every event and entry belongs to a batch that was written with it, and every batch has as many entries as it says, or closed a period.',
  counted: 'batches',
  smallestBy: 'number of the batch',
  examined: 'select count(*) from ledger.batch',
  breaches: `
    with recorded as (
      select batch_id, count(*) as events, bool_and(created_at = least_at) as is_together, min(created_at) as at from (
        select batch_id, created_at, min(created_at) over (partition by batch_id) as least_at from ledger.event) e group by batch_id
    ), written as (
      select batch_id, count(*) as entries, min(created_at) as first_at, max(created_at) as last_at from ledger.entry group by batch_id
    )
    select lpad(coalesce(b.id, r.batch_id, w.batch_id)::text, 20, '0') as id,
      format('batch %s of %s says %s commands and %s entries, it has %s events (of %s) and %s entries', coalesce(b.id, r.batch_id, w.batch_id), b.created_at,
        b.commands, b.entries, coalesce(r.events, 0), r.at, coalesce(w.entries, 0)) as witness
    from ledger.batch b full join recorded r on r.batch_id = b.id full join written w on w.batch_id = coalesce(b.id, r.batch_id)
    where b.id is null or (b.created_at >= ${attachedFrom} or coalesce(r.batch_id, w.batch_id) is not null) and (b.entries <> coalesce(w.entries, 0) or coalesce(r.events, 0) > b.commands or not coalesce(r.is_together, true)
      or r.at <> b.created_at or w.first_at <> b.created_at or w.last_at <> b.created_at or (coalesce(r.events, w.entries, 0) = 0
        and not exists (select from ledger.period p where p.batch_id = b.id)))`,
};
