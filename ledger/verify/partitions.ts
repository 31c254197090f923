import type { Check } from './run.ts';

export const partitions: Check = {
  name: 'partitions',
  verdict: 'upkeep',
  promise:
    'Every table that is partitioned by month has a partition for now and for the next month, so that the first of a month stops nobody.',
  counted: 'partitions',
  smallestBy: 'table, then month',
  examined: `select count(*) from pg_inherits i join pg_class c on c.oid = i.inhparent where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'p'`,
  breaches: `
    with wanted as (
      select c.oid, 'ledger.' || c.relname as name, m.at from pg_class c, (values (now()), (now() + interval '1 month')) m(at)
      where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'p'
    ), bound as (
      select i.inhparent, pg_get_expr(c.relpartbound, c.oid) as says from pg_inherits i join pg_class c on c.oid = i.inhrelid
    )
    select w.name || w.at::text as id, format('%s has no partition for %s', w.name, to_char(w.at at time zone 'UTC', 'YYYY-MM')) as witness
    from wanted w where not exists (
      select 1 from bound b where b.inhparent = w.oid
        and w.at >= substring(b.says from 'FROM \\(''([^'']+)''\\)')::timestamptz and w.at < substring(b.says from 'TO \\(''([^'']+)''\\)')::timestamptz)`,
};
