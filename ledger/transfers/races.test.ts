import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { aTransfer, balanceOf, ledgerOf, toBank } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { aReply } from '../../test/support/fixtures/reports.ts';
import { eventOf, reservedTogether, sent } from '../../test/support/fixtures/sends.ts';
import { UnknownCommit } from '../faults.ts';
import { createLedger } from '../index.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });

/** One call and one commit of its own per request, side by side on many connections. */
const apart = (requests: ReturnType<typeof aTransfer>[]) =>
  Promise.all(requests.map(async (request) => (await reservedTogether(pools, [request]))[0]));
/** Through one batcher, as a worker does it. */
const together = (requests: ReturnType<typeof aTransfer>[]) =>
  Promise.all(requests.map((request) => ledger.reserve(randomUUID(), request)));
const many = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

describe.each([
  ['each in its own commit', apart],
  ['in batches', together],
])('%s', (_, send) => {
  test('of fifty debits exactly those succeed that fit, book and bank mixed', async () => {
    const outcomes = await send(many(50, (i) => (i % 2 === 0 ? aTransfer : toBank)(accounts, { amount: '700' })));
    expect(outcomes.filter((outcome) => outcome && eventOf(outcome)?.to !== 'declined')).toHaveLength(14);
    expect(
      outcomes.filter((outcome) => outcome && eventOf(outcome)?.evidence.refusal?.code === 'insufficient_funds'),
    ).toHaveLength(36);
    expect((await balanceOf(pools, accounts.ada)).available).toBe(200n);
  });

  test('crossing pairs wait for each other never: every one is decided, and nothing is lost', async () => {
    const there = { amount: '10' };
    const back = { amount: '10', sourceAccountId: accounts.grace, destinationAccountId: accounts.ada };
    await together([aTransfer(accounts, { amount: '5000' })]);
    const outcomes = await send(many(100, (i) => aTransfer(accounts, i % 2 === 0 ? there : back)));
    expect(outcomes.every((outcome) => outcome && eventOf(outcome)?.to === 'completed')).toBe(true);
    expect((await balanceOf(pools, accounts.ada)).posted).toBe(5_000n);
    expect((await balanceOf(pools, accounts.grace)).posted).toBe(5_000n);
  });
});

test('reserving, concluding and claiming the same accounts at once', async () => {
  const sends = [];
  for (const _ of many(20, () => 0)) sends.push(await sent(ledger, accounts));
  const ends = sends.map((send, i) =>
    ledger.conclude(aReply(send, { outcome: i % 2 === 0 ? 'accepted' : 'rejected', decisive: true })),
  );
  const fresh = many(20, () => sent(ledger, accounts));
  const book = together(many(40, () => aTransfer(accounts, { amount: '1' })));
  await Promise.all([...ends, ...fresh, book]);
  expect(await balanceOf(pools, accounts.ada)).toEqual({
    posted: 10_000n - 1_000n - 40n,
    held: 2_000n,
    available: 6_960n,
  });
});

describe('a commit whose fate is not known', () => {
  /** A pool whose first commits succeed and are reported as lost. */
  const forgetful = (losses: number, error: () => Error): pg.Pool => {
    let left = losses;
    const connect = async () => {
      const client = await pools.worker.connect();
      const query = client.query.bind(client) as (...input: unknown[]) => Promise<unknown>;
      const lossy = async (...input: unknown[]) => {
        const result = await query(...input);
        left -= 1;
        if (left >= 0) throw error();
        return result;
      };
      // The connection goes back to its pool as it came.
      const release = client.release.bind(client);
      return Object.assign(client, {
        query: lossy,
        release: (isBroken: boolean) => {
          Object.assign(client, { query });
          release(isBroken);
        },
      });
    };
    return Object.create(pools.worker, { connect: { value: connect } });
  };

  test.each<[string, () => Error]>([
    ['the connection was lost in the commit', () => Object.assign(new Error('terminated'), { code: 'ECONNRESET' })],
    ['the standby did not confirm', () => new UnknownCommit('not confirmed')],
  ])('%s: the same ids again, once', async (_, error) => {
    const lossy = createLedger({ pool: forgetful(2, error), onCommit: async () => {}, limits: { pauseMs: 1 } });
    const request = toBank(accounts);
    const outcome = await lossy.reserve(randomUUID(), request);
    expect(outcome).toMatchObject({ result: 'decided', transferId: request.id, event: { to: 'submitting' } });
    expect(await balanceOf(pools, accounts.ada)).toMatchObject({ held: 100n });
  });

  test('so for a conclusion: the money moves once', async () => {
    const send = await sent(ledger, accounts);
    const lossy = createLedger({
      pool: forgetful(1, () => new Error('gone')),
      onCommit: async () => {},
      limits: { pauseMs: 1 },
    });
    expect(
      await lossy.conclude({
        ...send,
        source: 'reply',
        outcome: 'accepted',
        code: 'ACSC',
        railReference: send.transferId,
      }),
    ).toMatchObject({
      state: 'completed',
    });
    expect(await balanceOf(pools, accounts.clearing)).toMatchObject({ posted: 100n });
  });

  test('a backend that is killed in the middle of the load costs nobody anything', async () => {
    const load = together(many(300, () => aTransfer(accounts, { amount: '1' })));
    for (const _ of many(3, () => 0)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await pools.root.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-worker' and datname = current_database()",
      );
    }
    const outcomes = await load;
    expect(outcomes.every((outcome) => eventOf(outcome)?.to === 'completed')).toBe(true);
    expect((await balanceOf(pools, accounts.grace)).posted).toBe(300n);
  });
});

test('a poisonous member harms nobody: its siblings are decided', async () => {
  const bad = aTransfer(accounts, { currency: 'dollars' });
  const worse = aTransfer(accounts, { amount: '99999999999999999999' });
  const [a, b, c, d] = await Promise.allSettled(
    [aTransfer(accounts), bad, worse, aTransfer(accounts)].map((request) => ledger.reserve(randomUUID(), request)),
  );
  expect(a).toMatchObject({ status: 'fulfilled', value: { event: { to: 'completed' } } });
  expect(d).toMatchObject({ status: 'fulfilled', value: { event: { to: 'completed' } } });
  // A currency that does not exist is a currency that the account does not have.
  expect(b).toMatchObject({ status: 'fulfilled', value: { event: { to: 'declined' } } });
  expect(c).toMatchObject({ status: 'rejected', reason: { code: '22003' } });
  const { rowCount } = await pools.root.query(
    'select 1 from ledger.idempotency_key where tenant_id = $1 and key = $2',
    [accounts.tenantId, worse.key],
  );
  expect(rowCount).toBe(0);
});

test('what a commit changed is published before the caller is answered', async () => {
  const versions: string[] = [];
  const telling = ledgerOf(pools, async ({ balances }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    versions.push(...balances.map(({ accountId, version }) => `${accountId} ${version}`));
  });
  const outcome = await telling.reserve(randomUUID(), aTransfer(accounts));
  const balances = outcome.result === 'decided' ? outcome.balances : [];
  expect(balances).toHaveLength(2);
  for (const { accountId, version } of balances) expect(versions).toContain(`${accountId} ${version}`);
});
