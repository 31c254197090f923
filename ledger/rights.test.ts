import { beforeAll, describe, expect, test } from '@jest/globals';
import { createReader } from '../drizzle/client.ts';
import { transfer } from '../drizzle/schema/transfers.ts';
import { type Accounts, createAccounts, type Pools } from '../test/support/fixtures/accounts.ts';
import { transfersInEveryState } from '../test/support/fixtures/every-state.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { endMonth, makeAll } from '../test/support/fixtures/statements.ts';

const { pools, ledger } = freshLedger();
let one: Accounts;
let other: Accounts;
let endings: Awaited<ReturnType<typeof transfersInEveryState>>;
let tables: string[];

beforeAll(async () => {
  one = await createAccounts(pools, ledger);
  other = await createAccounts(pools, ledger);
  endings = await transfersInEveryState({ pools, ledger }, one);
  await transfersInEveryState({ pools, ledger }, other);
  for (const accounts of [one, other]) {
    const month = await endMonth(pools, accounts);
    await makeAll(pools, { tenantId: accounts.tenantId, month });
  }
  tables = await named(
    "select relname as name from pg_class where relnamespace = 'ledger'::regnamespace and relkind in ('r', 'p')",
  );
});

const named = async (sql: string): Promise<string[]> =>
  (await pools.root.query<{ name: string }>(sql)).rows.map(({ name }) => name);
/** How a statement ends: the SQLSTATE of its refusal, or how many rows it touched. Never kept. */
const tried = async (pool: Pools['root'], sql: string, before: string[] = []): Promise<string> => {
  const client = await pool.connect();
  try {
    // However long this process stands still.
    await client.query('begin; set local idle_in_transaction_session_timeout = 0');
    for (const first of before) await client.query(first);
    const { rowCount } = await client.query(sql);
    return `${rowCount} rows`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    await client.query('rollback');
    client.release();
  }
};
const denied = '42501';

describe.each(['api', 'worker', 'reader'] as const)('the role %s', (role) => {
  test('writes no table by hand, partitions included', async () => {
    expect(tables.length).toBeGreaterThan(20);
    for (const table of tables) {
      const column = (
        await named(
          `select attname as name from pg_attribute where attrelid = 'ledger.${table}'::regclass and attnum > 0 and attidentity = '' order by attnum limit 1`,
        )
      )[0];
      for (const sql of [
        `insert into ledger.${table} default values`,
        `update ledger.${table} set ${column} = ${column}`,
        `delete from ledger.${table}`,
        `truncate ledger.${table}`,
      ]) {
        expect([sql, await tried(pools[role], sql)]).toEqual([sql, denied]);
      }
    }
  });

  test('makes nothing in the schema, and changes no table or role', async () => {
    for (const sql of [
      'create table ledger.mine (id int)',
      "create function ledger.mine() returns int language sql as 'select 1'",
      'alter table ledger.posting disable trigger all',
      'drop trigger append_only on ledger.posting',
      'set role quittance_owner',
    ]) {
      expect([sql, await tried(pools[role], sql)]).toEqual([sql, denied]);
    }
  });
});

/** What each role may call: functions without side effects, and those of its job. */
const pure = [
  'account_number_of',
  'bank_of',
  'event_family',
  'event_type',
  'feed_horizon',
  'rail_key',
  'rfc3339',
  'statements_per_minute',
  'uuid_time',
  'uuid_v7',
];
const api = [
  'api_key_seal',
  'authenticate',
  'backlog',
  'blocked_entries',
  'blocked_holds',
  'blocked_transfers',
  'cancel',
  'capture_holds',
  'change_account',
  'change_statement_plan',
  'change_webhook_endpoint',
  'close_period',
  'create_api_key',
  'create_holds',
  'create_webhook_endpoint',
  'delete_webhook_endpoint',
  'end_api_key',
  'feeds_with_news',
  'liveness',
  'note_accesses',
  'note_api_keys_used',
  'note_refused_sign_ins',
  'note_statement_link',
  'open_account',
  'open_funding_account',
  'post_entries',
  'preview',
  'reverse',
  'replay_own_delivery',
  'request_statement',
  'release_holds',
  'revoke_api_key',
  'revoke_api_key_family',
  'rotate_api_key',
  'rotate_endpoint_secret',
  'set_statement_pace',
  'statement_postings',
  'test_webhook_endpoint',
];
const worker = [
  'api_key_seal',
  'archive_salts',
  'begin_archive_segment',
  'blocked_reservations',
  'blocked_transfers',
  'backlog',
  'bound_kept_notices',
  'claim',
  'close_statement_month',
  'conclude',
  'cut_statements',
  'disable_endpoint',
  'drop_old_deliveries',
  'due_notices',
  'expire_holds',
  'finish_archive_segment',
  'forget_orphans',
  'give_back_statement',
  'liveness',
  'make_partitions',
  'note_archive_copy',
  'note_run',
  'note_workers',
  'observe_endpoint',
  'observe_sends',
  'open_statement_months',
  'overdue',
  'overdue_endpoints',
  'publish_checkpoint',
  'put_off_statement',
  'raise_unanswered',
  'register_rail',
  'release_due',
  'remove_archived_records',
  'remove_publication_tenants',
  'reserve',
  'restart_notices',
  'set_rail_terms',
  'settle_notice',
  'statement_postings',
  'store_statement',
  'take_due',
  'take_statements',
];

test('each role has EXECUTE on the functions of its job and on no other', async () => {
  const mayRun = (role: string) =>
    named(`select p.proname as name from pg_proc p where p.pronamespace = 'ledger'::regnamespace and p.prorettype <> 'trigger'::regtype
      and has_function_privilege('${role}', p.oid, 'execute') order by 1`);
  // The auditor asks what is late as the sweep does.
  expect(await mayRun('quittance_reader')).toEqual(['late_transfers', ...pure].sort());
  expect(await mayRun('quittance_api')).toEqual([...api, ...pure].sort());
  expect(await mayRun('quittance_worker')).toEqual([...worker, ...pure].sort());
});

test('secrets are not readable: key hashes, the secrets of endpoints, salts', async () => {
  expect(await tried(pools.api, 'select hash from ledger.api_key')).toBe(denied);
  expect(await tried(pools.api, 'select secret from ledger.webhook_endpoint')).toBe(denied);
  expect(await tried(pools.api, 'select last4 from ledger.api_key')).toBe('0 rows');
  for (const pool of [pools.reader, pools.worker]) {
    expect(await tried(pool, 'select * from ledger.api_key')).toBe(denied);
    expect(await tried(pool, 'select * from ledger.webhook_endpoint')).toBe(denied);
    expect(await tried(pool, 'select * from ledger.archive_salt')).toBe(denied);
  }
});

describe('history', () => {
  const appendOnly = [
    'entry',
    'posting',
    'event',
    'batch',
    'idempotency_key',
    'hold_request',
    'audit',
    'entry_request',
    'period',
    'statement_object',
    'former_account_name',
    ...['archive_object', 'archive_epoch'],
    ...['kept_event', 'kept_entry'],
  ];
  const refused = '23001';

  test.each(appendOnly)('%s is append-only even for the superuser', async (table) => {
    const [column] = await named(
      `select attname as name from pg_attribute where attrelid = 'ledger.${table}'::regclass and attnum > 0 and attidentity = '' order by attnum limit 1`,
    );
    expect(await tried(pools.root, `update ledger.${table} set ${column} = ${column}`)).toBe(refused);
    expect(await tried(pools.root, `delete from ledger.${table}`)).toBe(refused);
    expect(await tried(pools.root, `truncate ledger.${table} cascade`)).toBe(refused);
  });

  test('so is every partition, reached by its own name', async () => {
    const partitions = tables.filter((table) => /_\d{4}_\d{2}$/.test(table));
    expect(partitions.length).toBeGreaterThanOrEqual(12);
    for (const table of partitions) {
      expect([table, await tried(pools.root, `delete from ledger.${table}`)]).toEqual([table, refused]);
      expect([table, await tried(pools.root, `truncate ledger.${table}`)]).toEqual([table, refused]);
    }
  });

  test.each([
    ...['transfer', 'hold', 'client_hold', 'attempt', 'send', 'balance'],
    ...['statement', 'statement_month', 'archive_segment', 'archive_tenant', 'archive_publication'],
    'detached_month',
  ])('%s is never deleted', async (table) => {
    expect(await tried(pools.root, `delete from ledger.${table}`)).toBe(refused);
    expect(await tried(pools.root, `truncate ledger.${table} cascade`)).toBe(refused);
  });
});

describe('the database refuses, whatever the code says', () => {
  const violated = '23514';
  test.each<[string, () => string]>([
    [
      'a step that is not in the table',
      () =>
        `update ledger.transfer set state = 'completed', cause = 'due', version = version + 1 where id = '${endings.unknown}'`,
    ],
    [
      'a step out of an end',
      () =>
        `update ledger.transfer set state = 'submitting', cause = 'due', version = version + 1 where id = '${endings.rejected}'`,
    ],
    [
      'a state without a step',
      () => `update ledger.transfer set state = 'failed', refusal_code = 'x' where id = '${endings.unknown}'`,
    ],
    [
      'a version that is skipped',
      () =>
        `update ledger.transfer set state = 'scheduled', cause = 'absent', version = version + 2 where id = '${endings.unknown}'`,
    ],
    [
      'a first state that needs a past',
      () =>
        `insert into ledger.transfer select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'state', 'unknown', 'cause', 'no_answer'))).* from ledger.transfer t where id = '${endings.unknown}'`,
    ],
    ['another amount', () => `update ledger.transfer set amount = amount + 1 where id = '${endings.unknown}'`],
    ['another destination', () => `update ledger.transfer set destination_bank = '{}' where id = '${endings.unknown}'`],
    [
      'another source',
      () => `update ledger.transfer set source_account_id = '${one.grace}' where id = '${endings.unknown}'`,
    ],
    ['another entry', () => `update ledger.transfer set entry_id = gen_random_uuid() where id = '${endings.accepted}'`],
    [
      'an open transfer without a next step',
      () => `update ledger.transfer set next_at = null where id = '${endings.unknown}'`,
    ],
    [
      'an overdrawn account',
      () => `update ledger.balance set debit_posted = debit_posted + 1000000 where account_id = '${one.ada}'`,
    ],
    [
      'a hold beyond what is there',
      () => `update ledger.balance set debit_held = debit_held + 1000000 where account_id = '${one.ada}'`,
    ],
    ['a negative counter', () => `update ledger.balance set credit_held = -1 where account_id = '${one.clearing}'`],
    [
      'a frozen account of the platform',
      () => `update ledger.balance set status = 'frozen' where account_id = '${one.clearing}'`,
    ],
    [
      'a closed account with money',
      () => `update ledger.balance set status = 'closed' where account_id = '${one.ada}'`,
    ],
    [
      'another figure of a statement',
      () => `update ledger.statement set held = held + 1 where account_id = '${one.ada}'`,
    ],
    [
      'a statement that is no longer ready',
      () =>
        `update ledger.statement set status = 'cut', document_sha256 = null, renderer = null, ready_at = null where account_id = '${one.ada}'`,
    ],
    [
      'a statement that does not begin where one ended',
      () =>
        `insert into ledger.statement select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'number', 3, 'month', '2000-01'))).* from ledger.statement s where account_id = '${one.ada}'`,
    ],
    [
      'an edition with other figures',
      () =>
        `insert into ledger.statement select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'edition', 2, 'replaces_id', s.id, 'held', 1))).* from ledger.statement s where account_id = '${one.ada}'`,
    ],
    [
      'a month of statements with other bounds',
      () => `update ledger.statement_month set to_at = to_at + interval '1 second' where tenant_id = '${one.tenantId}'`,
    ],
    ['one half of a leg', () => posting('debit', 100)],
    ['a leg of two amounts', () => `${posting('debit', 100)}, ${values('credit', 99)}`],
    ['a leg of two debits', () => `${posting('debit', 100)}, ${values('debit', 100)}`],
    ['a leg in two currencies', () => `${posting('debit', 100)}, ${values('credit', 100, 'EUR')}`],
    ['a leg across tenants', () => `${posting('debit', 100)}, ${values('credit', 100, 'USD', other.tenantId)}`],
    ['a posting of nothing', () => posting('debit', 0)],
  ])('%s', async (_, sql) => {
    expect(await tried(pools.root, sql())).toBe(violated);
  });

  test('a balanced leg is taken, so the refusals above are not for another reason', async () => {
    expect(await tried(pools.root, `${posting('debit', 100)}, ${values('credit', 100)}`)).toBe('2 rows');
  });

  const entry = '00000000-0000-7000-8000-000000000001';
  const posting = (side: string, amount: number) =>
    `insert into ledger.posting (account_id, seq, id, tenant_id, entry_id, leg, side, currency, amount, signed, balance_after, effective_at, created_at) values ${values(side, amount)}`;
  let seq = 1000;
  const values = (side: string, amount: number, currency = 'USD', tenantId = one.tenantId) => {
    seq += 1;
    return `('${one.ada}', ${seq}, gen_random_uuid(), '${tenantId}', '${entry}', 1, '${side}', '${currency}', ${amount}, ${amount}, 0, now(), now())`;
  };

  test('a reserve in another isolation than READ COMMITTED', async () => {
    expect(
      await tried(pools.root, "select ledger.reserve('[]')", ['set transaction isolation level repeatable read']),
    ).toBe('P0001');
  });
});

describe('row-level security', () => {
  const byTenant = [
    'account',
    'balance',
    'idempotency_key',
    'transfer',
    'hold',
    'attempt',
    'send',
    'entry',
    'posting',
    'event',
    'statement_plan',
    'statement_month',
    'statement_tally',
    'statement',
    'statement_object',
  ];

  test.each([...byTenant, 'tenant'])(
    'the API that names no tenant sees no %s; one that names it sees that tenant alone',
    async (table) => {
      const column = table === 'tenant' ? 'id' : 'tenant_id';
      const seen = async (setting?: string) => {
        const client = await pools.api.connect();
        if (setting !== undefined) await client.query("select set_config('quittance.tenant', $1, false)", [setting]);
        const { rows } = await client.query<{ tenant: string }>(
          `select distinct ${column} as tenant from ledger.${table}`,
        );
        await client.query('reset quittance.tenant');
        client.release();
        return rows.map(({ tenant }) => tenant);
      };
      expect(await seen()).toEqual([]);
      expect(await seen('')).toEqual([]);
      expect(await seen(one.tenantId)).toEqual([one.tenantId]);
      const all = await pools.reader.query(`select distinct ${column} from ledger.${table}`);
      expect(all.rowCount).toBe(2);
    },
  );

  test('a reader by tenant sees its own, one without a tenant nothing, also on a connection that another tenant used', async () => {
    const reader = createReader(pools.api);
    const ids = (rows: { tenantId: string }[]) => [...new Set(rows.map(({ tenantId }) => tenantId))];
    for (let i = 0; i < 8; i += 1) {
      const tenantId = i % 2 === 0 ? one.tenantId : other.tenantId;
      expect(ids(await reader.read(tenantId, (db) => db.select().from(transfer)))).toEqual([tenantId]);
      expect(await reader.readAll((db) => db.select().from(transfer))).toEqual([]);
    }
  });

  test('partitions by their own names show nothing', async () => {
    for (const table of tables.filter((name) => /_\d{4}_\d{2}$/.test(name))) {
      expect([table, await tried(pools.api, `select * from ledger.${table}`)]).toEqual([table, denied]);
    }
  });
});
