import { and, desc, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { transferStates } from '../../domain/transfer.ts';
import { rail } from '../../drizzle/schema/rails.ts';
import { transfer } from '../../drizzle/schema/transfers.ts';
import type { TransferFilter } from './transfer-filter.ts';

/**
 * The way along one index that a list takes, newest first. `by`: the filters that the index answers. `rows`: the first so
 * many rows (id, created_at) under the conditions that every list has.
 */
export type Walk = { by: readonly (keyof TransferFilter)[]; rows: (every: SQL | undefined, count: number) => SQL };

/**
 * Which index a filter goes along: where several could, the one whose rows are fewer as a rule. Each branch is ordered and
 * limited by itself, so that the cost is that of a page, whatever the planner knows of the tenant's data.
 */
export function walkOf({ reference, account_id, status, rail: railName, attention }: TransferFilter): Walk {
  if (reference !== undefined) return along(['reference'], [eq(transfer.reference, reference)]);
  if (account_id !== undefined)
    return along(
      ['account_id'],
      [eq(transfer.sourceAccountId, account_id), eq(transfer.destinationAccountId, account_id)],
    );
  if (status !== undefined || railName !== undefined) return alongStates(status ?? transferStates, railName);
  if (attention === true) return along(['attention'], [isNotNull(transfer.attentionReason)]);
  return along([], [undefined]);
}

const along = (by: Walk['by'], branches: (SQL | undefined)[]): Walk => ({
  by,
  rows: (every, count) => {
    const rows = branches.map((branch) => newest(and(every, branch), count));
    const [only] = rows;
    if (only && rows.length === 1) return only;
    // A declined transfer may name one account twice, and is met in both branches.
    return sql`(${sql.join(rows, sql` union `)} order by created_at desc, id desc limit ${count})`;
  },
});

/** A branch for each state on each rail: the index begins with both. */
const alongStates = (states: readonly string[], railName: TransferFilter['rail']): Walk => ({
  by: ['status', 'rail'],
  rows: (every, count) => {
    const branch = and(every, sql`${transfer.rail} = network.name and ${transfer.state} = listed.state`);
    return sql`(select one.id, one.created_at
      from ${rail} network cross join unnest(${sql.param([...states])}::text[]) listed (state)
      cross join lateral ${newest(branch, count)} one
      where ${railName === undefined ? sql`true` : sql`network.name = ${railName}`}
      order by one.created_at desc, one.id desc limit ${count})`;
  },
});

const newest = (where: SQL | undefined, count: number): SQL =>
  sql`(select ${transfer.id}, ${transfer.createdAt} from ${transfer} where ${where}
    order by ${desc(transfer.createdAt)}, ${desc(transfer.id)} limit ${count})`;
