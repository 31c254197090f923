/**
 * SQL of the checks about months that an operator detached. Their rows are not there, so what is derived from rows begins where the attached ones
 * begin, with what is kept of each account. Without such a month nothing is left out.
 */

/** From which instant on entries, postings and events are attached. */
export const attachedFrom = `(select coalesce(max(to_at), '-infinity') from ledger.detached_month where status = 'detached')`;

/** Of each account that has postings in detached months, where it stood after the last of them. */
export const kept = `(
      select distinct on (k.account_id) k.* from ledger.kept_balance k join ledger.detached_month m on m.month = k.month and m.status = 'detached'
      order by k.account_id, k.month desc)`;

/** Whether the id of a thing says that it was made when its rows are attached: the first 48 bits of a UUIDv7 are its milliseconds. */
export const isYoung = (id: string): string =>
  `(substr(${id}::text, 15, 1) = '7' and to_timestamp(('x' || left(replace(${id}::text, '-', ''), 12))::bit(48)::bigint / 1000.0) >= ${attachedFrom})`;
