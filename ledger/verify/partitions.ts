import type { Check } from './run.ts';

export const partitions: Check = {
  name: 'partitions',
  verdict: 'upkeep',
  promise:
    'Entries, postings and events have a partition for now and for the next month, so that the first of a month stops nobody.',
  examined: `select count(*) from pg_inherits i where i.inhparent in ('ledger.entry'::regclass, 'ledger.posting'::regclass, 'ledger.event'::regclass)`,
  breaches: `
    with wanted as (
      select t.name, m.at from (values ('ledger.entry'), ('ledger.posting'), ('ledger.event')) t(name), (values (now()), (now() + interval '1 month')) m(at)
    ), bound as (
      select i.inhparent, pg_get_expr(c.relpartbound, c.oid) as says from pg_inherits i join pg_class c on c.oid = i.inhrelid
    )
    select w.name || w.at::text as id, format('%s has no partition for %s', w.name, to_char(w.at at time zone 'UTC', 'YYYY-MM')) as witness
    from wanted w where not exists (
      select 1 from bound b where b.inhparent = w.name::regclass
        and w.at >= substring(b.says from 'FROM \\(''([^'']+)''\\)')::timestamptz and w.at < substring(b.says from 'TO \\(''([^'']+)''\\)')::timestamptz)`,
};
