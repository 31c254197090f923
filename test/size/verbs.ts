import { randomUUID } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import { archiveVerbs } from './archive-verbs.ts';
import { sizeId } from './book.ts';
import { account, aPeriod, entries, fingerprint, holdActs, newHolds, tenant } from './commands.ts';
import { monthVerbs } from './month-verbs.ts';
import { statementVerbs } from './statement-verbs.ts';
import { api, operator, type VerbCase, worker } from './verb-case.ts';

const endpoint = (n: number) => `'${sizeId('endpoint', n)}'::uuid`;
const transfer = (n: number) => `'${sizeId('transfer', n)}'::uuid`;
const fresh = () => `'${uuidV7()}'::uuid`;

/** So many requests of one account, as JSON; `more` are members that differ from those of a bank transfer. */
const requests = (count: number, source: string, more = '') => `(
  select jsonb_agg(jsonb_build_object(
    'id', ledger.uuid_v7(now()), 'tenant_id', ${tenant(1)}, 'group_id', gen_random_uuid(),
    'key', 'size ' || n || random(), 'fingerprint', ${fingerprint}, 'amount', 1, 'currency', 'USD',
    'rail', 'instant', 'source_account_id', ${source},
    'destination_bank', jsonb_build_object('scheme', 'us_account', 'routingNumber', '000000001',
      'accountNumber', '1', 'name', 'N')
    ${more})) from generate_series(1, ${count}) n)`;
const toBook = `, 'rail', 'book', 'destination_account_id', ${account(6)}, 'destination_bank', null`;
/** Ids of open rows from the n-th on. */
const openIds = (from: number, count: number) =>
  `(select array_agg(ledger_size.id) from (select ('01990000-0005-7000-8000-' || lpad((2000000 + ${from} + n)::text, 12, '0'))::uuid as id from generate_series(1, ${count}) n) ledger_size)`;
const reports = (from: number, count: number, outcome: string) =>
  `(select jsonb_agg(jsonb_build_object('transfer_id', id, 'source', 'inquiry', 'outcome', '${outcome}', 'code', 'x',
    'rail_reference', id, 'asked_at', now(), 'decisive', true)) from unnest(${openIds(from, count)}) id)`;
const cancellations = (count: number) =>
  `(select jsonb_agg(jsonb_build_object('id', id, 'tenant_id', ${tenant(1)}, 'actor', 'size')) from unnest(${openIds(100, count)}) id)`;
const reversals = (count: number) =>
  `(select jsonb_agg(jsonb_build_object('id', ledger.uuid_v7(now()), 'tenant_id', ${tenant(1)}, 'reverses_id', id,
    'key', 'undo ' || id, 'fingerprint', ${fingerprint}, 'actor', 'size')) from unnest(${openIds(-1_500_000, count)}) id)`;
const claims = (from: number, count: number) =>
  `(select jsonb_agg(jsonb_build_object('id', id, 'sender', gen_random_uuid(), 'carrier', gen_random_uuid(), 'probe', false))
    from unnest(${openIds(from, count)}) id)`;

const steady =
  "insert into ledger.upkeep_run values ('hold_expiry', now(), now() - interval '2 hours') on conflict (name) do update set finished_at = now(), steady_since = now() - interval '2 hours'";

const breaker = (state: 'open' | 'closed') =>
  `update ledger.rail set breaker = '${state}', probe_at = ${state === 'open' ? "now() - interval '1 hour'" : 'null'} where name = 'instant'`;
const taken = (ago: string) => `update ledger.rail set taken_at = now() - interval '${ago}'`;
const take = (rail: string) => `select ledger.take_due('${rail}', gen_random_uuid(), 500, 30000)`;

/** Every function that a program or an operator may call, with its calls. A new one without a case fails the test. */
export const verbCases: Record<string, readonly VerbCase[]> = {
  take_due: [
    worker('500 rows, behind 300,000 of a busy account', take('instant'), 70_000),
    worker('of the book, where nothing waits', take('book'), 100),
    {
      ...worker('a probe, while a million wait', take('instant'), 70_000),
      ...{ before: breaker('open'), after: breaker('closed') },
    },
  ],
  overdue: [
    worker('120,000 late rows', 'select ledger.overdue(20000, 500)', 40_000),
    {
      ...worker('a dispatcher that takes nothing', 'select ledger.overdue(20000, 500)', 40_000),
      ...{ before: taken('1 hour'), after: taken('0 hours') },
    },
  ],
  reserve: [
    worker('one', `select ledger.reserve(${requests(1, account(10))})`, 300),
    worker('500 of the account that pays wages', `select ledger.reserve(${requests(500, account(4))})`, 90_000),
    worker('500 of the hot account', `select ledger.reserve(${requests(500, account(1))})`, 90_000),
    worker('500 of the book', `select ledger.reserve(${requests(500, account(4), toBook)})`, 90_000),
  ],
  claim: [
    worker('one', `select ledger.claim(${claims(780_100, 1)})`, 100),
    worker('500', `select ledger.claim(${claims(780_100, 500)})`, 15_000),
  ],
  conclude: [
    worker('one accepted', `select ledger.conclude(${reports(890_100, 1, 'accepted')})`, 700),
    worker('500 accepted', `select ledger.conclude(${reports(890_100, 500, 'accepted')})`, 200_000),
    worker('500 absent', `select ledger.conclude(${reports(890_100, 500, 'absent')})`, 70_000),
  ],
  preview: [api('of the hot account', `select ledger.preview(${requests(1, account(1))} -> 0)`, 300)],
  cancel: [
    api('one', `select ledger.cancel(${cancellations(1)})`, 700),
    api('500', `select ledger.cancel(${cancellations(500)})`, 200_000),
  ],
  reverse: [
    api('one', `select ledger.reverse(${reversals(1)})`, 700),
    api('500', `select ledger.reverse(${reversals(500)})`, 200_000),
  ],
  release_due: [
    worker(
      '500',
      `select ledger.release_due(ids, array(select gen_random_uuid() from unnest(ids))) from (select ${openIds(760_000, 500)} as ids) x`,
      15_000,
    ),
  ],
  create_holds: [
    api('one', `select ledger.create_holds(${newHolds(1, account(10))})`, 400),
    api('100 of the hot account', `select ledger.create_holds(${newHolds(100, account(1))})`, 20_000),
  ],
  capture_holds: [
    api('one', `select ledger.capture_holds(${holdActs(180_000, 1)})`, 600),
    api('100', `select ledger.capture_holds(${holdActs(180_000, 100)})`, 30_000),
  ],
  release_holds: [
    api('one', `select ledger.release_holds(${holdActs(180_000, 1)})`, 400),
    api('100', `select ledger.release_holds(${holdActs(180_000, 100)})`, 20_000),
  ],
  blocked_holds: [api('100', `select ledger.blocked_holds(${holdActs(180_000, 100)})`, 5_000)],
  expire_holds: [
    {
      ...worker('500 of 60,000 that are due', 'select ledger.expire_holds(null, 500, now())', 90_000),
      ...{ before: steady, after: "delete from ledger.upkeep_run where name = 'hold_expiry'" },
    },
    worker('while nobody has looked for long', 'select ledger.expire_holds(null, 500, now())', 100),
  ],
  post_entries: [
    api('one of one leg', `select ledger.post_entries(${entries(1, 1)})`, 300),
    api('50 of 100 legs', `select ledger.post_entries(${entries(50, 100)})`, 200_000),
  ],
  close_period: [api('one', `select ledger.close_period(${aPeriod})`, 300)],
  blocked_entries: [api('50 of 100 legs', `select ledger.blocked_entries(${entries(50, 100)})`, 40_000)],
  blocked_reservations: [worker('500', `select ledger.blocked_reservations(${requests(500, account(1))})`, 10_000)],
  blocked_transfers: [worker('500', `select ledger.blocked_transfers(${openIds(890_000, 500)}, true)`, 10_000)],
  due_notices: [
    worker('of a dead receiver with 600,000', `select ledger.due_notices(${endpoint(1)}, 100)`, 2_000),
    worker('of a quiet one', `select ledger.due_notices(${endpoint(4)}, 100)`, 100),
    worker('of one whose 20,000 are later', `select ledger.due_notices(${endpoint(5)}, 100)`, 100),
    worker('of a deleted one', `select ledger.due_notices(${endpoint(3)}, 100)`, 2_000),
  ],
  overdue_endpoints: [worker('of 3,000', 'select ledger.overdue_endpoints(20000, 500)', 14_000)],
  settle_notice: [
    worker(
      'one',
      `select ledger.settle_notice(${fresh()}, ${endpoint(1)}, ${transfer(1)}, 1, 4, 'failed', 500, 'x', 1, 1000)`,
      300,
    ),
  ],
  observe_endpoint: [
    worker('a dead one', `select ledger.observe_endpoint(${endpoint(1)}, 0, true, 0, 1000, 1000)`, 300),
  ],
  restart_notices: [worker('500 of 600,000', `select ledger.restart_notices(${endpoint(1)}, 500)`, 30_000)],
  disable_endpoint: [worker('a dead one', `select ledger.disable_endpoint(${endpoint(1)}, 'x')`, 300)],
  bound_kept_notices: [worker('of one with 200,000', 'select ledger.bound_kept_notices(10000)', 10_000)],
  drop_old_deliveries: [worker('none is old', 'select ledger.drop_old_deliveries(30)', 1_000)],
  forget_orphans: [worker('10,000', 'select ledger.forget_orphans(10000)', 100_000)],
  make_partitions: [worker('all are there', 'select ledger.make_partitions(3)', 2_000)],
  feeds_with_news: [
    api(
      'twenty readers who have seen all',
      `select ledger.feeds_with_news(array_fill(${tenant(1)}, array[20]), array_fill((ledger.feed_horizon() ->> 'xid')::text, array[20]), array_fill(now(), array[20]))`,
      2_000,
    ),
  ],
  liveness: [
    worker('now', 'select ledger.liveness()', 300),
    { ...worker('a network down', 'select ledger.liveness()', 300), before: breaker('open'), after: breaker('closed') },
    api('of the API', 'select ledger.liveness()', 500),
  ],
  backlog: [
    worker('of the sweep', 'select ledger.backlog()', 120_000),
    api('of the API', 'select ledger.backlog()', 120_000),
  ],
  raise_unanswered: [worker('500', 'select ledger.raise_unanswered(500)', 60_000)],
  note_run: [worker('one', "select ledger.note_run('sweep', 60000)", 100)],
  note_version_act: [operator('one', "select ledger.note_version_act('an operator', 'ramped', 'one', '{}')", 100)],
  note_workers: [worker('one', "select ledger.note_workers('{groups}')", 100)],
  observe_sends: [worker('one', "select ledger.observe_sends('instant', '[]')", 300)],
  register_rail: [worker('a known one', "select ledger.register_rail('instant')", 100)],
  set_rail_terms: [
    worker(
      'older ones',
      `select ledger.set_rail_terms('instant', -1, '{}') from ledger.rail where name = 'nowhere'`,
      100,
    ),
  ],
  authenticate: [api('one', "select ledger.authenticate(sha256('123'))", 100)],
  create_api_key: [
    api(
      'one',
      `select ledger.create_api_key(${fresh()}, ${tenant(1)}, sha256('${randomUUID()}'), 'last', '{"name": "k", "scopes": []}', 'olga', 'k1', ${fingerprint})`,
      2_000,
    ),
  ],
  rotate_api_key: [
    api(
      'one',
      `select ledger.rotate_api_key('${sizeId('apiKey', 2)}', ${fresh()}, ${tenant(1)}, sha256('${randomUUID()}'), 'last', null, 0, 'olga', 'k4', ${fingerprint})`,
      2_000,
    ),
  ],
  end_api_key: [api('one', `select ledger.end_api_key('${sizeId('apiKey', 2)}', ${tenant(1)}, null, 'olga')`, 200)],
  note_api_keys_used: [
    api(
      '500',
      "select ledger.note_api_keys_used(array(select ('01990000-0002-7000-8000-' || lpad(n::text, 12, '0'))::uuid from generate_series(1, 500) n))",
      18_000,
    ),
  ],
  revoke_api_key: [api('one', `select ledger.revoke_api_key('${sizeId('apiKey', 2)}', ${tenant(1)}, 'olga')`, 200)],
  revoke_api_key_family: [
    api('one', `select ledger.revoke_api_key_family('${sizeId('apiKey', 2)}', ${tenant(1)}, 'olga')`, 2_000),
  ],
  api_key_seal: [api('one', 'select ledger.api_key_seal()', 100)],
  open_funding_account: [
    api('one that is there', `select ledger.open_funding_account(${fresh()}, ${tenant(1)}, 'USD', 'olga')`, 100),
    api('a new one', `select ledger.open_funding_account(${fresh()}, ${tenant(1)}, 'EUR', 'olga')`, 300),
  ],
  open_account: [
    api(
      'one',
      `select ledger.open_account(${fresh()}, ${tenant(1)}, 'a', 'customer', 'USD', 0, null, '{}', 'olga', 'k2', ${fingerprint})`,
      500,
    ),
  ],
  change_account: [
    api(
      'one',
      `select ledger.change_account(jsonb_build_object('id', ${account(10)}, 'tenant_id', ${tenant(1)}, 'name', 'a', 'metadata', '{}'::jsonb, 'status', 'frozen', 'actor', 'olga'))`,
      300,
    ),
  ],
  create_webhook_endpoint: [
    api(
      'one',
      `select ledger.create_webhook_endpoint(jsonb_build_object('id', ${fresh()}, 'tenant_id', ${tenant(2)}, 'url', 'https://a.example', 'secret', 's', 'actor', 'olga'), 'k3', ${fingerprint})`,
      500,
    ),
  ],
  rotate_endpoint_secret: [
    api(
      'of a dead one',
      `select ledger.rotate_endpoint_secret(jsonb_build_object('id', ${endpoint(1)}, 'tenant_id', ${tenant(1)}, 'secret', 's', 'overlap_ms', 1000, 'actor', 'olga'), 'k4', ${fingerprint})`,
      500,
    ),
  ],
  test_webhook_endpoint: [
    api('a dead one', `select ledger.test_webhook_endpoint(${endpoint(1)}, ${tenant(1)}, 'olga')`, 500),
  ],
  replay_own_delivery: [
    api(
      'one',
      `select ledger.replay_own_delivery('${sizeId('delivery', 100)}', ${endpoint(1)}, ${tenant(1)}, 'olga')`,
      500,
    ),
  ],
  change_webhook_endpoint: [
    api(
      'a dead one',
      `select ledger.change_webhook_endpoint(jsonb_build_object('id', ${endpoint(1)}, 'tenant_id', ${tenant(1)}, 'description', 'x', 'status', 'disabled', 'reason', 'x', 'actor', 'olga'))`,
      300,
    ),
  ],
  delete_webhook_endpoint: [
    api(
      'one with 600,000 notices',
      `select ledger.delete_webhook_endpoint(${endpoint(1)}, ${tenant(1)}, 'olga')`,
      15_000,
    ),
  ],
  create_tenant: [operator('one', `select ledger.create_tenant(${fresh()}, 'T', 'olga')`, 100)],
  disable_tenant: [operator('one', `select ledger.disable_tenant(${tenant(1)}, true, 'olga')`, 100)],
  limit_tenant: [operator('one', `select ledger.limit_tenant(${tenant(1)}, 100, 'olga')`, 100)],
  acknowledge_attention: [operator('one', `select ledger.acknowledge_attention(${transfer(1)}, 'olga', 'why')`, 300)],
  pause_rail: [operator('one', "select ledger.pause_rail('instant', 'olga', 'why')", 100)],
  replay_delivery: [operator('one', `select ledger.replay_delivery('${sizeId('delivery', 100)}', 'olga')`, 300)],
  resume_endpoint: [operator('one', `select ledger.resume_endpoint(${endpoint(1)}, 'olga')`, 300)],
  ...archiveVerbs,
  ...monthVerbs,
  ...statementVerbs,
};
