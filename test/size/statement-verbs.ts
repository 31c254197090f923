import { randomUUID } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import { sizeId } from './book.ts';
import { account, tenant } from './commands.ts';
import { api, operator, type VerbCase, worker } from './verb-case.ts';

const statement = (n: number) => `'${sizeId('statement', n)}'::uuid`;
const lease = `'${randomUUID()}'::uuid`;
/** A statement of 2025-02 that belongs to the lease. */
const taken = statement(200_100);
const leased = {
  before: `update ledger.statement set lease = ${lease} where id = ${taken}`,
  after: `update ledger.statement set lease = null where id = ${taken}`,
};
const paced = (pace: string) =>
  `update ledger.statement_month set pace = ${pace}, paced_at = now() - interval '1 minute' where month = '2025-02'`;
const objects = `(
  select jsonb_agg(jsonb_build_object('format', format, 'part', 0, 'key', 'size/new.' || format, 'version_id', 'v1',
    'sha256', repeat('ab', 32), 'bytes', 1000, 'mode', 'compliance', 'retain_until', now() + interval '7 years'))
  from unnest(array['json', 'pdf']) format)`;
const requestOf = (n: number) => `select ledger.request_statement(
  jsonb_build_object('id', '${uuidV7()}', 'tenant_id', ${tenant(1)}, 'account_id', ${account(n)}, 'actor', 'olga'), null, null)`;
const planned = (change: string) => `select ledger.change_statement_plan(
  jsonb_build_object('tenant_id', ${tenant(1)}, 'actor', 'olga', 'asked_at', now(), ${change}))`;
const take = (month: string) => `select ledger.take_statements(${tenant(1)}, ${month}, 200, 60000)`;
const cut = (after: string) => `select ledger.cut_statements(${tenant(1)}, '2025-03', ${after}, 1000)`;

/** The verbs of statements. */
export const statementVerbs: Record<string, readonly VerbCase[]> = {
  open_statement_months: [
    worker('10,000 tenants whose month is over', 'select ledger.open_statement_months(1000, now())', 115_000),
  ],
  cut_statements: [
    worker('1,000 accounts, of which two have 100,000 postings', cut('null'), 116_000),
    worker('1,000 accounts in the middle', cut(account(20_000)), 116_000),
  ],
  take_statements: [
    worker('200 of 20,000', take("'2025-02'"), 15_000),
    worker('200 of 2,000 on request, one of which has 100,000 postings', take('null'), 25_000),
    {
      ...worker('of a month with a pace', take("'2025-02'"), 15_000),
      ...{ before: paced('6000'), after: paced('null') },
    },
  ],
  store_statement: [
    {
      ...worker('one', `select ledger.store_statement(${taken}, ${lease}, repeat('ab', 32), 'size', ${objects})`, 500),
      ...leased,
    },
  ],
  put_off_statement: [
    { ...worker('one', `select ledger.put_off_statement(${taken}, ${lease}, 'size', 1000, true)`, 300), ...leased },
  ],
  give_back_statement: [{ ...worker('one', `select ledger.give_back_statement(${taken}, ${lease})`, 300), ...leased }],
  close_statement_month: [
    worker('1,000 accounts of 20,000', `select ledger.close_statement_month(${tenant(1)}, '2025-01')`, 9_000),
  ],
  request_statement: [
    api('of an account with 4,000 and 100,000 postings', requestOf(1), 800),
    api('of one without a posting', requestOf(40_100), 300),
  ],
  note_statement_link: [
    api('one', `select ledger.note_statement_link(${tenant(1)}, ${statement(4)}, 'olga', 'pdf', 0)`, 100),
  ],
  change_statement_plan: [
    api('another name', planned("'locale', 'de-DE'"), 300),
    api('another zone', planned("'zone', 'Europe/Warsaw'"), 300),
  ],
  set_statement_pace: [api('one', `select ledger.set_statement_pace(${tenant(1)}, '2025-02', 60, 'olga')`, 100)],
  statement_postings: [
    worker(
      '5,000 of 100,000',
      `select ledger.statement_postings(${tenant(1)}, ${statement(400_000)}, null, null, 5000)`,
      180_000,
    ),
  ],
  end_statement_month: [operator('one', `select ledger.end_statement_month(${tenant(1)}, '2025-04', 'olga')`, 300)],
  reissue_statement: [operator('one', `select ledger.reissue_statement(${statement(4)}, 'olga')`, 500)],
  retry_statements: [
    operator('100 of 20,000', `select ledger.retry_statements(${tenant(1)}, '2025-02', 'olga')`, 5_200),
    operator('none of 20,000', `select ledger.retry_statements(${tenant(1)}, '2025-01', 'olga')`, 50),
    operator('none of 2,000', `select ledger.retry_statements(${tenant(1)}, null, 'olga')`, 50),
  ],
};
