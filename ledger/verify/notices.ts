import type { Check } from './run.ts';

/** What the types of events about a thing begin with. */
const family = "case e.subject_type when 'statement_run' then 'statement' else e.subject_type end";

/**
 * Since its last change an endpoint has the terms that it has now; before that nobody can say which events were its. The minute: an
 * event that was written while the change was committed may not have seen it. A delivered notice is only in the log, so an event
 * counts while the log of its month is there. Events that were written under a clock that ran ahead are left out.
 */
const theirs = `
  from ledger.webhook_endpoint w
  join ledger.event e
    on e.tenant_id = w.tenant_id and e.subject_id <> w.id
    and e.created_at > w.updated_at + interval '1 minute' and e.created_at <= now()
    and (w.event_types is null or w.event_types && array[
      ${family} || '.*',
      ${family} || '.' || case e.subject_type when 'transfer' then e.to_state else e.cause end])
  where w.status = 'enabled' and exists (
    select 1 from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'ledger.delivery'::regclass
      and e.created_at >= substring(pg_get_expr(c.relpartbound, c.oid) from 'FROM \\(''([^'']+)''\\)')::timestamptz
      and e.created_at < substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''([^'']+)''\\)')::timestamptz)`;

export const notices: Check = {
  name: 'notices',
  promise:
    'Each event since the last change of an enabled webhook endpoint that takes its type has a notice for it that is due, or one in the log that was delivered.',
  counted: 'events that an endpoint takes',
  smallestBy: 'event, then endpoint',
  examined: `select count(*) ${theirs}`,
  breaches: `
    select e.id::text || w.id::text as id,
      format('event %s (%s %s, version %s) has no notice for endpoint %s: none is due, and none was delivered', e.id, e.subject_type, e.subject_id, e.version, w.id) as witness
    ${theirs}
      and not exists (select 1 from ledger.notice_due n where n.endpoint_id = w.id and n.event_id = e.id)
      and not exists (select 1 from ledger.delivery d where d.endpoint_id = w.id and d.event_id = e.id and d.outcome = 'delivered')`,
};
