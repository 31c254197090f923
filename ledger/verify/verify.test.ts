import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Accounts, createAccounts } from '../../test/support/fixtures/accounts.ts';
import { transfersInEveryState } from '../../test/support/fixtures/every-state.ts';
import { farAhead } from '../../test/support/fixtures/far-ahead.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { breaches } from '../../test/support/harness/invariants.ts';
import { checks } from './checks.ts';
import { Blind, examine } from './examine.ts';
import { isSound, run } from './run.ts';

const { database, pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
let accounts: Accounts;
let endings: Awaited<ReturnType<typeof transfersInEveryState>>;

beforeAll(async () => {
  accounts = await createAccounts(pools, ledger);
  endings = await transfersInEveryState(ledger, accounts);
  // Another tenant, so that a row can stray.
  await createAccounts(pools, ledger);
});

test('a clean ledger passes every check, read with the reader role, and every check looked at something', async () => {
  const findings = await examine({ url: database.reader });
  expect(findings.filter(({ breaches: n }) => n !== '0')).toEqual([]);
  expect(isSound(findings)).toBe(true);
  for (const { name, examined } of findings) expect([name, BigInt(examined) > 0n]).toEqual([name, true]);
  expect(await breaches(pools.reader)).toEqual([]);
});

test('a login that sees one tenant at most is refused: it would find nothing wrong', async () => {
  await expect(examine({ url: database.api })).rejects.toThrow(Blind);
});

/** Each break is made as a superuser with the triggers off, or with a constraint dropped, and must be found by that check. */
const planted: [name: string, check: string, sql: string][] = [
  ['a posting is lost', 'trial-balance', "delete from ledger.posting where transfer_id = $book and side = 'debit'"],
  [
    'a posting is one cent more',
    'balances',
    "update ledger.posting set amount = amount + 1, signed = signed + 1 where transfer_id = $book and side = 'credit'",
  ],
  [
    'a balance is raised by hand',
    'balances',
    'update ledger.balance set credit_posted = credit_posted + 100 where account_id = $grace',
  ],
  [
    'money is posted twice',
    'completed',
    `insert into ledger.posting select account_id, seq + 100, id, tenant_id, gen_random_uuid(), transfer_id, leg, side, currency, amount, signed,
    balance_after, effective_at, created_at from ledger.posting where transfer_id = $book`,
  ],
  ['a balance vanishes', 'accounts', 'delete from ledger.balance where account_id = $grace'],
  ['an account changes its currency', 'accounts', "update ledger.account set currency = 'EUR' where id = $grace"],
  [
    'a customer account loses its floor',
    'accounts',
    'update ledger.balance set floor = null where account_id = $grace',
  ],
  ['a hold is forgotten in the counter', 'held', 'update ledger.balance set debit_held = 0 where account_id = $ada'],
  [
    'a hold is counted twice',
    'held',
    'update ledger.balance set credit_held = credit_held + 100 where account_id = $clearing',
  ],
  [
    'a number is skipped',
    'sequences',
    `update ledger.posting set seq = seq + 1 where account_id = $ada and seq = (select max(seq) from ledger.posting where account_id = $ada)`,
  ],
  [
    'a balance after is wrong',
    'sequences',
    'update ledger.posting set balance_after = balance_after + 1 where account_id = $ada and seq = 1',
  ],
  [
    'a posting has the sign of the other side',
    'sequences',
    "update ledger.posting set signed = -signed where transfer_id = $book and side = 'credit'",
  ],
  ['the counter of postings is behind', 'sequences', 'update ledger.balance set seq = seq - 1 where account_id = $ada'],
  [
    'an account is overdrawn for a moment',
    'overdrawn',
    'update ledger.posting set balance_after = -1 where account_id = $ada and seq = 2',
  ],
  [
    'more was held than was there',
    'overdrawn',
    'update ledger.hold set amount = 1000000 where transfer_id = $rejected',
  ],
  ['a leg has two debits', 'entries', "update ledger.posting set side = 'debit' where transfer_id = $book"],
  [
    'a leg is in two currencies',
    'entries',
    "update ledger.posting set currency = 'EUR' where transfer_id = $book and side = 'credit'",
  ],
  ['an entry has no legs', 'entries', 'delete from ledger.posting where transfer_id = $book'],
  ['postings have no entry', 'entries', 'delete from ledger.entry where transfer_id = $book'],
  [
    'a completed transfer points at another entry',
    'completed',
    'update ledger.transfer set entry_id = gen_random_uuid() where id = $book',
  ],
  [
    'a completed transfer was posted to somebody else',
    'completed',
    "update ledger.posting set account_id = $suspense where transfer_id = $book and side = 'credit'",
  ],
  [
    'a transfer is completed over another amount',
    'completed',
    'update ledger.transfer set amount = amount + 1 where id = $accepted',
  ],
  [
    'an unknown transfer has an entry',
    'completed',
    'update ledger.posting set transfer_id = $unknown where transfer_id = $book',
  ],
  [
    'the hold of an unknown transfer was released',
    'holds',
    "update ledger.hold set state = 'released', closed_at = now() where transfer_id = $unknown",
  ],
  [
    'a hold has no transfer',
    'holds',
    'update ledger.hold set transfer_id = gen_random_uuid() where transfer_id = $scheduled',
  ],
  ['a hold is over another amount', 'holds', 'update ledger.hold set amount = 99 where transfer_id = $submitting'],
  [
    'a state was set without an event',
    'states',
    "update ledger.transfer set state = 'rejected', refusal_code = 'rail_rejected' where id = $unknown",
  ],
  ['an event is lost', 'states', 'delete from ledger.event where transfer_id = $accepted and version = 1'],
  [
    'an event takes a step outside the table',
    'states',
    "update ledger.event set cause = 'cancelled' where transfer_id = $accepted and version = 2",
  ],
  ['a transfer has no story', 'states', 'delete from ledger.event where transfer_id = $declined'],
  [
    'the table of the database has one row more',
    'states',
    "insert into ledger.transition values ('completed', 'cancelled', 'cancelled')",
  ],
  ['a key is lost', 'keys', 'delete from ledger.idempotency_key where transfer_id = $book'],
  [
    'a key names another transfer',
    'keys',
    'update ledger.idempotency_key set transfer_id = gen_random_uuid() where transfer_id = $book',
  ],
  [
    'a transfer has two keys',
    'keys',
    "insert into ledger.idempotency_key select tenant_id, key || '2', fingerprint, transfer_id, null, null, created_at from ledger.idempotency_key where transfer_id = $book",
  ],
  [
    'a key names a thing that nobody made',
    'keys',
    "insert into ledger.idempotency_key select tenant_id, key || '2', fingerprint, null, null, gen_random_uuid(), created_at from ledger.idempotency_key where transfer_id = $book",
  ],
  [
    'an account has two keys',
    'keys',
    'insert into ledger.idempotency_key select tenant_id, key || n, fingerprint, null, null, $ada, created_at from ledger.idempotency_key, generate_series(1, 2) n where transfer_id = $book',
  ],
  [
    'a rail key was made again',
    'attempts',
    'update ledger.attempt set rail_key = reverse(rail_key) where transfer_id = $unknown',
  ],
  ['an attempt is lost', 'attempts', 'delete from ledger.attempt where transfer_id = $scheduled'],
  [
    'an attempt says accepted, its transfer is unknown',
    'attempts',
    "update ledger.attempt set outcome = 'accepted' where transfer_id = $unknown",
  ],
  [
    'two leases overlap',
    'sends',
    `insert into ledger.send select transfer_id, attempt_n, n + 1, tenant_id, gen_random_uuid(), granted_at + interval '1 millisecond', lease_until, null, null, null
    from ledger.send where transfer_id = $accepted; update ledger.send set answered_at = lease_until where transfer_id = $accepted and n = 1`,
  ],
  ['a send is lost', 'sends', 'update ledger.send set n = 2 where transfer_id = $accepted'],
  [
    'the send of a completed transfer is open',
    'sends',
    'update ledger.send set outcome = null, answered_at = null where transfer_id = $accepted',
  ],
  [
    'a transfer strays to another tenant',
    'tenants',
    'update ledger.transfer set tenant_id = (select id from ledger.tenant where id <> $tenant limit 1) where id = $scheduled',
  ],
  [
    'an event strays to another tenant',
    'tenants',
    'update ledger.event set tenant_id = (select id from ledger.tenant where id <> $tenant limit 1) where transfer_id = $scheduled',
  ],
  [
    'a batch is lost',
    'batches',
    'delete from ledger.batch where id = (select batch_id from ledger.event where transfer_id = $accepted and version = 2)',
  ],
  [
    'a batch counts wrongly',
    'batches',
    'update ledger.batch set entries = entries + 1 where id = (select max(id) from ledger.batch)',
  ],
  [
    'a bank accepted one attempt under two references',
    'contradictions',
    "update ledger.send set rail_reference = 'another' where transfer_id = $accepted",
  ],
  [
    'one reference is on two attempts',
    'attempts',
    'update ledger.attempt set rail_reference = (select rail_reference from ledger.attempt where transfer_id = $accepted) where transfer_id = $rejected',
  ],
  ['a contradiction vanishes', 'contradictions', 'delete from ledger.contradiction where transfer_id = $contradicted'],
  [
    'a contradiction has another entry',
    'completed',
    'update ledger.contradiction set entry_id = gen_random_uuid() where transfer_id = $contradicted',
  ],
  [
    'an event of a contradiction is of another reference',
    'contradictions',
    `update ledger.event set evidence = evidence || '{"rail_reference": "another"}' where transfer_id = $contradicted and cause = 'contradicted'`,
  ],
  [
    'a transfer stands still',
    'overdue',
    "update ledger.transfer set next_at = now() - interval '61 seconds' where id = $unknown",
  ],
  ...farAhead,
  [
    'a transfer waits for nothing',
    'next-steps',
    'alter table ledger.transfer drop constraint open_has_next; update ledger.transfer set next_at = null where id = $unknown',
  ],
  [
    'an entry is forged, balanced and numbered, of no transfer and no key',
    'causes',
    `with b as (insert into ledger.batch (created_at, commands, entries) values (date_trunc('milliseconds', now()), 1, 1) returning id, created_at),
      e as (insert into ledger.entry (id, tenant_id, effective_at, batch_id, created_at) select gen_random_uuid(), $tenant, created_at, id, created_at from b returning *)
    insert into ledger.posting select account_id, seq + 1, gen_random_uuid(), e.tenant_id, e.id, null, 1, side, 'USD', 500, signed, posted + signed, e.created_at, e.created_at
    from e, (values ($ada, 'debit', -500), ($grace, 'credit', 500)) x(account_id, side, signed), lateral (
      select seq, normal * (credit_posted - debit_posted) as posted from ledger.balance where balance.account_id = x.account_id) y;
    update ledger.balance set seq = seq + 1, version = version + 1, debit_posted = debit_posted + 500 where account_id = $ada;
    update ledger.balance set seq = seq + 1, version = version + 1, credit_posted = credit_posted + 500 where account_id = $grace`,
  ],
  [
    'a hold is against another customer, and so are the counters',
    'counterparts',
    `update ledger.hold set counter_account_id = $grace where transfer_id = $unknown;
    update ledger.balance set credit_held = credit_held - 100, version = version - 1 where account_id = $clearing;
    update ledger.balance set credit_held = credit_held + 100, version = version + 1 where account_id = $grace`,
  ],
  [
    'a transfer to a bank was credited to a customer, and its attempt says so',
    'counterparts',
    `update ledger.attempt set clearing_account_id = $grace where transfer_id = $accepted;
    update ledger.hold set counter_account_id = $grace where transfer_id = $accepted;
    update ledger.posting set account_id = $grace where transfer_id = $accepted and account_id = $clearing`,
  ],
  [
    'all sends of a transfer that its rail took are gone',
    'sent',
    `update ledger.event set evidence = (evidence || '{"source": "inquiry"}'::jsonb) - 'send'::text where transfer_id = $accepted; delete from ledger.send where transfer_id = $accepted`,
  ],
  [
    'an event names another entry',
    'evidence',
    `update ledger.event set evidence = jsonb_set(evidence, '{entry_id}', to_jsonb(gen_random_uuid())) where transfer_id = $book`,
  ],
  [
    'an event says another refusal',
    'evidence',
    `update ledger.event set evidence = jsonb_set(evidence, '{refusal,code}', '"account_closed"') where transfer_id = $declined`,
  ],
  [
    'an event says another reference of the rail',
    'evidence',
    `update ledger.event set evidence = jsonb_set(evidence, '{rail_reference}', '"ref-9"') where transfer_id = $accepted and cause = 'accepted'`,
  ],
  [
    'an event has the id of another',
    'evidence',
    'update ledger.event set id = (select id from ledger.event where transfer_id = $book) where transfer_id = $unknown and version = 1',
  ],
  [
    'an event has an id of another time',
    'evidence',
    'update ledger.event set id = gen_random_uuid() where transfer_id = $unknown and version = 1',
  ],
  ['a floor is lowered by hand', 'limits', 'update ledger.balance set floor = -1000000 where account_id = $ada'],
  ['an account is frozen by hand', 'limits', "update ledger.balance set status = 'frozen' where account_id = $ada"],
  [
    'the version of a balance is set back',
    'limits',
    'update ledger.balance set version = version - 1 where account_id = $ada',
  ],
  ['an account was never opened', 'limits', 'delete from ledger.audit where subject = $ada::text'],
  [
    'a refusal changes on the row',
    'evidence',
    "update ledger.transfer set refusal_code = 'account_closed' where id = $declined",
  ],
  [
    'a detail of a refusal changes on the row',
    'evidence',
    "update ledger.transfer set refusal_detail = 'AC99' where id = $rejected",
  ],
  [
    'a completion moves in time',
    'rows',
    "update ledger.transfer set completed_at = completed_at - interval '1 day' where id = $accepted",
  ],
  [
    'a state is older than its event',
    'rows',
    "update ledger.transfer set state_since = state_since - interval '1 day' where id = $unknown",
  ],
  [
    'a hold ended at another time',
    'rows',
    "update ledger.hold set closed_at = closed_at + interval '1 second' where transfer_id = $accepted",
  ],
  [
    'something is next on a final transfer',
    'rows',
    "update ledger.transfer set next_what = 'send', next_at = now() + interval '1 day', waiting_for = 'worker' where id = $accepted",
  ],
  [
    'a contradiction is forgotten on the attempt',
    'contradictions',
    'update ledger.attempt set contradicted_at = null where transfer_id = $contradicted',
  ],
  [
    'a contradiction has another date',
    'rows',
    "update ledger.attempt set contradicted_at = contradicted_at + interval '1 second' where transfer_id = $contradicted",
  ],
  [
    'the partitions end with this month',
    'partitions',
    `do $do$ begin execute format('drop table ledger.posting_%s', to_char((now() + interval '1 month') at time zone 'UTC', 'YYYY_MM')); end $do$`,
  ],
];

describe('a planted break is found', () => {
  test.each(planted)('%s → %s', async (_, check, sql) => {
    const before = await broken();
    expect(before).toEqual([]);
    expect(await broken(sql)).toContain(check);
  });

  test('a transfer that waits for a rail is not late', async () => {
    const late =
      "update ledger.transfer set next_at = now() - interval '1 day' where id = $scheduled; update ledger.rail set taken_at = now() - interval '1 hour'";
    expect(await broken(late)).toEqual(['overdue']);
    expect(
      await broken(`${late}; update ledger.rail set breaker = 'open', probe_at = now() where name = 'instant'`),
    ).toEqual([]);
  });
});

/** Plants a break, asks which checks report one, and takes it back. */
async function broken(sql = 'select 1'): Promise<string[]> {
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    await client.query("set local session_replication_role = 'replica'");
    // However slow the machine is: what fell due since the rows were made is due now.
    await client.query(
      "update ledger.transfer set next_at = now() where state in ('submitting', 'unknown') and next_at < now()",
    );
    await client.query(filled(sql));
    const found = await run(client, checks);
    return found.filter(({ breaches: n }) => n !== '0').map(({ name }) => name);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** `$book` is the id of that transfer, `$ada` of that account. */
function filled(sql: string): string {
  const ids: Record<string, string> = { ...accounts, ...endings, tenant: accounts.tenantId };
  return sql.replace(/\$(\w+)/g, (text, name: string) => (ids[name] ? `'${ids[name]}'::uuid` : text));
}
