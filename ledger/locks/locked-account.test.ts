import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createPool } from '../../drizzle/client.ts';
import { aTransfer, balanceOf, createAccounts, patience, toBank } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { createLedger, type Ledger } from '../index.ts';

const { database, pools, ledger } = freshLedger();
const ours = freshAccounts({ pools, ledger });

/** The session of a person or a tool that locks rows and stays. */
let intruder: pg.PoolClient;
beforeEach(async () => {
  intruder = await pools.root.connect();
  await intruder.query('begin');
});
afterEach(() => intruder.release(true));

const processes: pg.Pool[] = [];
afterEach(async () => {
  await Promise.all(processes.splice(0).map((pool) => pool.end()));
});

/** The worker's verbs as a process of its own, and how many of its calls timed out on a lock. */
function anotherProcess(): { other: Ledger; timeouts: () => number } {
  let timeouts = 0;
  const pool = createPool({ url: database.worker, max: 9, name: 'another', role: 'quittance_worker', ...patience });
  processes.push(pool);
  const connect = async () => {
    const client = await pool.connect();
    const query: unknown = client.query.bind(client);
    return new Proxy(client, {
      get: (target, name) => {
        if (name !== 'query')
          return typeof Reflect.get(target, name) === 'function'
            ? Reflect.get(target, name).bind(target)
            : Reflect.get(target, name);
        return async (...input: unknown[]) => {
          try {
            return await Reflect.apply(query as () => unknown, client, input);
          } catch (error) {
            if ((error as { code?: string }).code === '55P03') timeouts += 1;
            throw error;
          }
        };
      },
    });
  };
  return { other: createLedger({ pool: { connect } as pg.Pool, onCommit: async () => {} }), timeouts: () => timeouts };
}

test('a locked account delays its own transfers only, of all verbs, and none is lost', async () => {
  const theirs = await createAccounts(pools, ledger);
  const group = randomUUID();
  const { other, timeouts } = anotherProcess();
  const sent = toBank(ours);
  await other.reserve(group, sent);
  await intruder.query('select from ledger.balance where account_id = $1 for update', [ours.ada]);

  const blocked = Array.from({ length: 40 }, () => aTransfer(ours));
  const free = Array.from({ length: 40 }, () => aTransfer(theirs));
  for (const [i, request] of blocked.entries()) {
    const [stuck, fine] = await Promise.allSettled([
      other.reserve(group, request),
      other.reserve(group, free[i] ?? request),
    ]);
    expect(stuck).toMatchObject({ status: 'rejected', reason: { name: 'RowLocked' } });
    expect(fine).toMatchObject({ status: 'fulfilled', value: { result: 'decided' } });
  }
  await expect(
    other.conclude({ transferId: sent.id, source: 'carrier', outcome: 'put_off', carrier: group }),
  ).rejects.toMatchObject({ name: 'RowLocked' });
  // One call waited for the lock, for the first of them. At most one more did in each lane that was busy then.
  expect(timeouts()).toBeLessThanOrEqual(4);

  await intruder.query('rollback');
  for (const request of blocked) expect(await other.reserve(group, request)).toMatchObject({ result: 'decided' });
  expect(await balanceOf(pools, ours.grace)).toMatchObject({ posted: 4_000n });
  expect(await balanceOf(pools, theirs.grace)).toMatchObject({ posted: 4_000n });
});

test('a locked transfer delays no other', async () => {
  const { other, timeouts } = anotherProcess();
  const group = randomUUID();
  const requests = Array.from({ length: 10 }, () => toBank(ours));
  await Promise.all(requests.map((request) => other.reserve(group, request)));
  await intruder.query('select from ledger.transfer where id = $1 for update', [requests[0]?.id]);
  const grants = await Promise.allSettled(
    requests.map(({ id }) => other.claim({ id, carrier: group, sender: randomUUID(), probe: false })),
  );
  expect(grants.map(({ status }) => status)).toEqual(['rejected', ...Array(9).fill('fulfilled')]);
  expect(timeouts()).toBeLessThanOrEqual(2);
});

test('a key that was decided is answered while its account is locked', async () => {
  const group = randomUUID();
  const request = aTransfer(ours);
  const { other } = anotherProcess();
  await other.reserve(group, request);
  await intruder.query('select from ledger.balance where account_id = $1 for update', [ours.ada]);
  await expect(other.reserve(group, aTransfer(ours))).rejects.toThrow();
  expect(await other.reserve(group, request)).toMatchObject({ result: 'decided', transferId: request.id });
});
