import type { Plant } from './plant.ts';

const stated = (name: string, change: string) => `update ledger.statement set ${change} where id = $${name}`;
const month = (status: 'closed' | 'making', change: string) =>
  `update ledger.statement_month set ${change} where tenant_id = $tenant and status = '${status}'`;
const renamed = (status: 'closed' | 'making', name: string) =>
  ['statement', 'statement_tally', 'statement_month']
    .map(
      (table) => `update ledger.${table} set month = '${name}' where tenant_id = $tenant and month = (
        select month from ledger.statement_month where tenant_id = $tenant and status = '${status}')`,
    )
    .join('; ');
const object = (name: string, change: string) =>
  `update ledger.statement_object set ${change} where statement_id = $${name}`;
const another = '(select id from ledger.tenant where id <> $tenant limit 1)';
const later = (column: string) => `${column} = ${column} + interval '1 millisecond'`;
const without = (constraint: string) => `alter table ledger.statement drop constraint ${constraint}; `;

const ofClosed = "subject_id = (select id from ledger.statement_month where tenant_id = $tenant and status = 'closed')";

/** `$second` is Ada's statement behind `$first`; it is cut and not made. `$edition` replaces `$first`. */
const chain: readonly (readonly [string, string])[] = [
  ['a statement is lost', 'delete from ledger.statement where id = $first'],
  ['a posting is between two statements', stated('second', 'from_seq = from_seq + 1, summed_seq = summed_seq + 1')],
  ['a statement opens with more', stated('second', 'opening = opening + 1, summed_balance = summed_balance + 1')],
  ['a statement begins with a posting of another time', stated('second', later('from_posted_at'))],
  ['statements are apart', stated('second', later('from_at'))],
  ['a statement has a posting that is behind its end', stated('second', 'to_at = to_posted_at')],
  [
    'a final statement has one behind it',
    `update ledger.balance set status = 'closed', credit_posted = debit_posted, debit_held = 0 where account_id = $ada; ${stated('first', "kind = 'final'")}`,
  ],
  ['more came in and went out', stated('first', 'money_in = money_in + 1, money_out = money_out + 1')],
  ['one more came in, and one less went out', stated('first', 'count_in = count_in + 1, count_out = count_out - 1')],
  ['more was late', stated('first', 'late_amount = late_amount + 1')],
  ['none was late', stated('first', 'late_count = 0')],
  ['a statement is summed up to another time', stated('first', later('summed_at'))],
  [
    'a statement does not come to its end',
    `${without('ties')}${stated('second', 'summed_balance = summed_balance + 1')}`,
  ],
  ['a statement closes with more', `${without('summed_to_its_close')}${stated('first', 'closing = closing + 1')}`],
  [
    'a statement is ready before it is summed',
    `${without('ready_is_done')}${stated('second', "status = 'ready', document_sha256 = sha256('x'), renderer = 'x', ready_at = now()")}`,
  ],
  ['a posting of a statement vanishes', 'delete from ledger.posting where account_id = $ada and seq = 1'],
  ['a statement strays to another tenant', stated('second', `tenant_id = ${another}`)],
  ['a statement is in another currency', stated('second', "currency = 'EUR'")],
  [
    'a statement is of an account of the platform',
    "update ledger.account set kind = 'fees', currency = 'EUR' where id = $quiet; update ledger.statement set account_id = $quiet where id = $final",
  ],
  [
    'a final statement is of an account that is open',
    "update ledger.balance set status = 'open' where account_id = $gone",
  ],
  ['a closed account has no final statement', 'delete from ledger.statement where id = $final'],
  ['an edition says more', stated('edition', 'money_in = money_in + 1, money_out = money_out + 1')],
  ['an edition is older than the one that it replaces', stated('first', 'edition = 3')],
  [
    'an edition replaces one that nobody has seen',
    stated('first', "status = 'cut', document_sha256 = null, renderer = null, ready_at = null"),
  ],
  ['a statement on request begins at another time', stated('asked', "from_at = from_at - interval '1 second'")],
  [
    'a statement on request has no statement behind it',
    stated('asked', 'from_seq = from_seq - 1, summed_seq = summed_seq - 1, to_seq = to_seq - 1'),
  ],
  ['a place of a day is left out', stated('asked', 'sequence_of_day = 2')],
  ['a statement on request is of the day before', stated('asked', 'day = day - 1')],
];

const objects: readonly (readonly [string, string])[] = [
  ['an object is lost', "delete from ledger.statement_object where statement_id = $first and format = 'pdf'"],
  ['a statement has another document', `${object('first', "sha256 = sha256('x')")} and format = 'json'`],
  [
    'a statement has a part too many',
    "insert into ledger.statement_object select statement_id, format, 1, tenant_id, replace(key, '.pdf', '.p1.pdf'), version_id, sha256, bytes, mode, retain_until, created_at from ledger.statement_object where statement_id = $first and format = 'pdf'",
  ],
  [
    'a statement of many postings has no parts',
    stated('first', 'to_seq = to_seq + 5000, summed_seq = summed_seq + 5000, count_in = count_in + 5000'),
  ],
  [
    'a statement that nobody made has objects',
    'insert into ledger.statement_object select $second, format, part, tenant_id, key, version_id, sha256, bytes, mode, retain_until, created_at from ledger.statement_object where statement_id = $first',
  ],
  ['an object can be deleted too soon', object('first', "retain_until = now() + interval '1 year'")],
  ['an object lies under the name of another', object('first', "key = replace(key, '-1.', '-2.')")],
  ['an object of a part lies under the name of the whole', object('asked', 'part = 1')],
  [
    'two accounts have one folder',
    object(
      'final',
      "key = (select regexp_replace(key, '/[^/]*$', '') from ledger.statement_object where statement_id = $first limit 1) || '/' || regexp_replace(key, '^.*/', '')",
    ),
  ],
  ['an account has two folders', object('edition', "key = 'x/' || key")],
  ['an object strays to another tenant', object('first', `tenant_id = ${another}`)],
  ['an object was put at another time', object('first', later('created_at'))],
  ['the event of a statement is lost', 'delete from ledger.event where subject_id = $first'],
  [
    'the event of a statement names another document',
    `update ledger.event set evidence = evidence || '{"document_sha256": "x"}' where subject_id = $first`,
  ],
  [
    'the event of a statement names another account',
    `update ledger.event set evidence = evidence || jsonb_build_object('account_id', $grace) where subject_id = $first`,
  ],
  [
    'a statement was told of before it was ready',
    `update ledger.event set ${later('created_at')} where subject_id = $first`,
  ],
  [
    'a statement that nobody made was told of',
    `insert into ledger.event (id, tenant_id, subject_type, subject_id, version, cause, to_state, evidence, batch_id, created_at)
      select gen_random_uuid(), tenant_id, subject_type, $second, version, cause, to_state, evidence, batch_id, created_at from ledger.event where subject_id = $first`,
  ],
];

const months: readonly (readonly [string, string])[] = [
  ['a month is lost', "delete from ledger.statement_month where tenant_id = $tenant and status = 'closed'"],
  ['months are apart', month('making', later('from_at'))],
  ['a month has the name of one before', renamed('making', '2000-01')],
  [
    'the next month begins later',
    `update ledger.statement_plan set ${later('next_from_at')} where tenant_id = $tenant`,
  ],
  ['a month counts a statement too many', month('making', 'accounts = accounts + 1')],
  ['a tally says more', 'update ledger.statement_tally set ready = ready + 1 where tenant_id = $tenant'],
  ['a tally is lost', 'delete from ledger.statement_tally where tenant_id = $tenant'],
  ['nobody counted that one needs attention', stated('second', "attention_reason = 'x'")],
  ['a closed month would go on being closed', month('closed', 'closing_after = $ada')],
  ['a statement ends at another time than its month', stated('second', later('to_at'))],
  ['a statement is of another zone than its month', stated('second', "zone = 'Asia/Tokyo'")],
  ['the first statement begins when no month does', stated('final', later('from_at'))],
  ['the digest of a month is another', month('closed', "digest = sha256('x')")],
  ['nobody was told that a month is closed', `delete from ledger.event where ${ofClosed}`],
  [
    'a tenant was told of more statements',
    `update ledger.event set evidence = evidence || '{"statements": 99}' where ${ofClosed}`,
  ],
  [
    'a tenant was told that a month is closed which is not',
    `insert into ledger.event (id, tenant_id, subject_type, subject_id, version, cause, to_state, evidence, batch_id, created_at)
      select gen_random_uuid(), tenant_id, subject_type, gen_random_uuid(), version, cause, to_state, evidence, batch_id, created_at from ledger.event where ${ofClosed}`,
  ],
  ['a month was closed at another time', month('closed', later('closed_at'))],
  ['a closed month has another document', stated('first', "document_sha256 = sha256('x')")],
  ['a quiet account is skipped, and the month states them', month('closed', "quiet = 'monthly'")],
  [
    'a quiet account is skipped at the end of a quarter',
    `${month('closed', "quiet = 'quarterly'")}; ${renamed('closed', '2000-03')}`,
  ],
  [
    'a posting is on no statement of its month',
    `delete from ledger.statement where id = $second; ${month('making', 'accounts = accounts - 1')}`,
  ],
  [
    'a statement has what belongs to the month before',
    `delete from ledger.statement where id = $first;
    delete from ledger.statement where id = $edition;
    update ledger.statement_tally set ready = ready - 1 where tenant_id = $tenant;
    update ledger.statement set number = 1, from_seq = 0, opening = 0, from_posted_at = null, summed_seq = 0, summed_at = null, summed_balance = 0,
      from_at = (select min(from_at) from ledger.statement_month where tenant_id = $tenant) where id = $second;
    ${month('closed', "status = 'making', digest = null, closed_at = null, accounts = accounts - 1")}`,
  ],
];

const by = (check: string, faults: readonly (readonly [string, string])[]): Plant[] =>
  faults.map(([name, sql]) => [name, check, sql]);

/** Faults of statements, of their objects and of their months. */
export const statements: readonly Plant[] = [
  ...by('statements', chain),
  ...by('statement-objects', objects),
  ...by('statement-months', months),
  [
    'the next month of statements is opened a day late',
    'deadlines',
    "update ledger.statement_plan set due_at = next_to_at + interval '1 day' where tenant_id = $tenant",
  ],
];
