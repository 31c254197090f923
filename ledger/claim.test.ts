import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { toRailKey } from '../domain/ids.ts';
import { freshDatabase } from '../test/support/database.ts';
import { railTerms, reserved, sent } from '../test/support/endings.ts';
import { breaches } from '../test/support/facts.ts';
import { aTransfer, ledgerOf, type People, type Pools, people, poolsOf, toBank } from '../test/support/people.ts';
import type { ClaimRequest } from './claim.ts';
import type { Ledger } from './index.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let pools: Pools;
let ledger: Ledger;
let everyone: People;

beforeAll(async () => {
  database = await freshDatabase();
  pools = poolsOf(database);
  ledger = ledgerOf(pools);
});
beforeEach(async () => {
  everyone = await people(pools, ledger);
});
afterAll(async () => {
  expect(await breaches(pools.reader)).toEqual([]);
  await pools.end();
  await database.drop();
});

const { leaseMs, deduplicatesMs } = railTerms;
/** Asks for one send, as a fresh sender of the right group unless said otherwise. */
const ask = async (transfer: { id: string; groupId: string }, said: Partial<ClaimRequest> = {}) => {
  const request = {
    ids: [transfer.id],
    sender: randomUUID(),
    carrier: transfer.groupId,
    leaseMs,
    deduplicatesMs,
    probe: false,
    ...said,
  };
  const [grant] = await ledger.claim(request);
  return grant;
};
/** Lets the leases of a transfer's sends run out, or ages them. */
const age = (id: string, ms: number) =>
  pools.root.query(
    "update ledger.send set granted_at = granted_at - $2 * interval '1 millisecond', lease_until = lease_until - $2 * interval '1 millisecond' where transfer_id = $1",
    [id, ms],
  );

describe('a grant', () => {
  test('names the send, its lease, and everything that goes on the wire', async () => {
    const transfer = await reserved(ledger, toBank(everyone));
    const before = Date.now();
    const grant = await ask(transfer);
    expect(grant).toMatchObject({
      granted: true,
      n: 1,
      attempt: {
        railKey: toRailKey(transfer.id, 1),
        amount: '100',
        currency: 'USD',
        tenantId: everyone.tenantId,
        accountId: everyone.ada,
        destination: { name: 'Ada Lovelace' },
      },
    });
    if (!grant?.granted) throw new Error('not granted');
    expect(Date.parse(grant.leaseUntil) - before).toBeGreaterThan(leaseMs - 1_000);
    expect(Date.parse(grant.leaseUntil) - before).toBeLessThan(leaseMs + 5_000);
    const { rows } = await pools.root.query(
      'select next_what, next_at = (select lease_until from ledger.send where transfer_id = t.id) as fits from ledger.transfer t where id = $1',
      [transfer.id],
    );
    expect(rows).toEqual([{ next_what: 'await_answer', fits: true }]);
  });

  test('is the same for the same sender, and nobody else gets one', async () => {
    const transfer = await reserved(ledger, toBank(everyone));
    const sender = randomUUID();
    const first = await ask(transfer, { sender });
    expect(await ask(transfer, { sender })).toEqual(first);
    expect(await ask(transfer)).toEqual({ id: transfer.id, granted: false, why: 'leased' });
  });

  test('is asked for many at once, each decided by itself', async () => {
    const one = await reserved(ledger, toBank(everyone));
    const gone = randomUUID();
    const grants = await ledger.claim({
      ids: [one.id, gone],
      sender: randomUUID(),
      carrier: one.groupId,
      leaseMs,
      deduplicatesMs,
      probe: false,
    });
    expect(Object.fromEntries(grants.map((grant) => [grant.id, grant.granted ? 'granted' : grant.why]))).toEqual({
      [one.id]: 'granted',
      [gone]: 'gone',
    });
  });

  test('raced by twelve senders is given once', async () => {
    // The first rounds only open the connections.
    for (let round = 0; round < 8; round += 1) {
      const transfer = await reserved(ledger, toBank(everyone));
      const grants = await Promise.all(Array.from({ length: 12 }, () => ask(transfer)));
      expect(grants.filter((grant) => grant?.granted)).toHaveLength(1);
      expect(grants.filter((grant) => grant && !grant.granted && grant.why === 'leased')).toHaveLength(11);
    }
  });
});

describe('no grant', () => {
  const why = async (transfer: { id: string; groupId: string }, said: Partial<ClaimRequest> = {}) => {
    const grant = await ask(transfer, said);
    return grant && !grant.granted ? grant.why : `granted ${grant?.n}`;
  };

  test('gone: no such transfer, or one without an attempt', async () => {
    expect(await why({ id: randomUUID(), groupId: randomUUID() })).toBe('gone');
    expect(await why(await reserved(ledger, aTransfer(everyone)))).toBe('gone');
  });

  test('state: it waits for a date, is in doubt, or has ended', async () => {
    const later = await reserved(
      ledger,
      toBank(everyone, { executeAt: new Date(Date.now() + 3_600_000).toISOString() }),
    );
    expect(await why(later)).toBe('state');
    const doubted = await sent(ledger, everyone);
    await ledger.conclude({ ...doubted, source: 'reply', outcome: 'unknown' });
    expect(await why({ id: doubted.transferId, groupId: doubted.carrier })).toBe('state');
    const ended = await sent(ledger, everyone);
    await ledger.conclude({ ...ended, source: 'reply', outcome: 'accepted', railReference: 'r' });
    expect(await why({ id: ended.transferId, groupId: ended.carrier })).toBe('state');
  });

  test('carrier: another group carries it', async () => {
    expect(await why(await reserved(ledger, toBank(everyone)), { carrier: randomUUID() })).toBe('carrier');
  });

  test('window: after a doubt, a rail that does not deduplicate is never sent to again', async () => {
    const transfer = await reserved(ledger, toBank(everyone));
    await ask(transfer);
    await age(transfer.id, leaseMs + 1);
    expect(await why(transfer, { deduplicatesMs: null })).toBe('window');
  });

  test('window: a rail that deduplicates is sent the same key again only while the lease ends inside its window', async () => {
    const transfer = await reserved(ledger, toBank(everyone));
    await ask(transfer);
    await age(transfer.id, deduplicatesMs - leaseMs + 50);
    expect(await why(transfer)).toBe('window');
    await age(transfer.id, -2_000);
    expect(await why(transfer)).toBe('granted 2');
  });

  test('rail_closed: but for a probe', async () => {
    const transfer = await reserved(ledger, toBank(everyone));
    await pools.root.query(
      "update ledger.rail set breaker = 'open', probe_at = now() + interval '1 minute' where name = 'instant'",
    );
    expect(await why(transfer)).toBe('rail_closed');
    expect(await why(transfer, { probe: true })).toBe('granted 1');
    await pools.root.query("update ledger.rail set breaker = 'closed', probe_at = null where name = 'instant'");
  });

  test('more than 500 at once is a bug of the caller', async () => {
    await expect(
      ledger.claim({
        ids: Array.from({ length: 501 }, () => randomUUID()),
        sender: randomUUID(),
        carrier: randomUUID(),
        leaseMs,
        deduplicatesMs,
        probe: false,
      }),
    ).rejects.toThrow('at most 500');
  });
});
