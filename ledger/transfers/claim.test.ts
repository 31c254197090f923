import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { toRailKey } from '../../domain/ids.ts';
import { aTransfer, toBank } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { railTerms, setBreaker, setPause, setTerms } from '../../test/support/fixtures/rail.ts';
import { aClaim, age, reserved, sent } from '../../test/support/fixtures/sends.ts';
import { type ClaimCommand, claim } from './claim.ts';

// Aged sends and states set back make rows late; nothing else may be wrong.
const { pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
const accounts = freshAccounts({ pools, ledger });

const { leaseMs, deduplicatesMs } = railTerms;
/** Asks for one send, as a fresh sender of the right group unless said otherwise. */
const ask = (transfer: { id: string; groupId: string }, fields: Partial<ClaimCommand> = {}) =>
  ledger.claim(aClaim({ id: transfer.id, carrier: transfer.groupId, ...fields }));

describe('a grant', () => {
  test('names the send, its lease, and everything that goes on the wire', async () => {
    const transfer = await reserved(ledger, toBank(accounts));
    const grant = await ask(transfer);
    expect(grant).toMatchObject({
      granted: true,
      n: 1,
      attempt: {
        railKey: toRailKey(transfer.id, 1),
        amount: '100',
        currency: 'USD',
        tenantId: accounts.tenantId,
        destination: { name: 'Ada Lovelace' },
      },
    });
    const { rows } = await pools.root.query(
      "select t.next_what, t.next_at = s.lease_until as fits, s.lease_until = s.granted_at + $2 * interval '1 millisecond' as lasts from ledger.transfer t join ledger.send s on s.transfer_id = t.id where id = $1",
      [transfer.id, leaseMs],
    );
    expect(rows).toEqual([{ next_what: 'await_answer', fits: true, lasts: true }]);
  });

  test('is the same for the same sender, and nobody else gets one', async () => {
    const transfer = await reserved(ledger, toBank(accounts));
    const sender = randomUUID();
    const first = await ask(transfer, { sender });
    expect(await ask(transfer, { sender })).toEqual(first);
    expect(await ask(transfer)).toEqual({ id: transfer.id, granted: false, why: 'leased' });
  });

  test('whose lease is over is marked in doubt before its sender, or another, gets the next', async () => {
    const transfer = await reserved(ledger, toBank(accounts));
    const sender = randomUUID();
    await ask(transfer, { sender });
    await age(pools, transfer.id, leaseMs + 1);
    expect(await ask(transfer, { sender })).toMatchObject({ granted: true, n: 2 });
    const { rows } = await pools.root.query('select n, outcome from ledger.send where transfer_id = $1 order by n', [
      transfer.id,
    ]);
    expect(rows).toEqual([
      { n: 1, outcome: 'unknown' },
      { n: 2, outcome: null },
    ]);
  });

  test('is asked for many at once, each decided by itself', async () => {
    const one = await reserved(ledger, toBank(accounts));
    const gone = randomUUID();
    const grants = await Promise.all([one.id, gone].map((id) => ask({ ...one, id })));
    expect(Object.fromEntries(grants.map((grant) => [grant.id, grant.granted ? 'granted' : grant.why]))).toEqual({
      [one.id]: 'granted',
      [gone]: 'not_found',
    });
  });

  test('raced by twelve senders is given once', async () => {
    // The first rounds only open the connections.
    for (let round = 0; round < 8; round += 1) {
      const transfer = await reserved(ledger, toBank(accounts));
      const grants = await Promise.all(Array.from({ length: 12 }, () => ask(transfer)));
      expect(grants.filter((grant) => grant.granted)).toHaveLength(1);
      expect(grants.filter((grant) => !grant.granted && grant.why === 'leased')).toHaveLength(11);
    }
  });
});

describe('no grant', () => {
  const why = async (transfer: { id: string; groupId: string }, fields: Partial<ClaimCommand> = {}) => {
    const grant = await ask(transfer, fields);
    return grant.granted ? `granted ${grant.n}` : grant.why;
  };

  test('not_found: no such transfer, or one without an attempt', async () => {
    expect(await why({ id: randomUUID(), groupId: randomUUID() })).toBe('not_found');
    expect(await why(await reserved(ledger, aTransfer(accounts)))).toBe('not_found');
  });

  test('state: it waits for a date, is in doubt, or has ended', async () => {
    const later = await reserved(
      ledger,
      toBank(accounts, { executeAt: new Date(Date.now() + 3_600_000).toISOString() }),
    );
    expect(await why(later)).toBe('state');
    const doubted = await sent(ledger, accounts);
    await ledger.conclude({ ...doubted, source: 'reply', outcome: 'unknown', code: 'timeout' });
    expect(await why({ id: doubted.transferId, groupId: doubted.carrier })).toBe('state');
    const ended = await sent(ledger, accounts);
    await ledger.conclude({ ...ended, source: 'reply', outcome: 'accepted', code: 'ACSC', railReference: 'r' });
    expect(await why({ id: ended.transferId, groupId: ended.carrier })).toBe('state');
  });

  test('carrier: another group carries it', async () => {
    expect(await why(await reserved(ledger, toBank(accounts)), { carrier: randomUUID() })).toBe('carrier');
  });

  test('window: after a doubt, a rail that does not deduplicate is never sent to again', async () => {
    const transfer = await reserved(ledger, toBank(accounts));
    await ask(transfer);
    await age(pools, transfer.id, leaseMs + 1);
    await setTerms(pools, { deduplicatesMs: null });
    expect(await why(transfer)).toBe('window');
    await setTerms(pools);
  });

  test('window: a rail that deduplicates is sent the same key again only while the lease ends inside its window', async () => {
    const transfer = await reserved(ledger, toBank(accounts));
    await ask(transfer);
    await age(pools, transfer.id, deduplicatesMs - leaseMs + 50);
    expect(await why(transfer)).toBe('window');
    await age(pools, transfer.id, -2_000);
    expect(await why(transfer)).toBe('granted 2');
  });

  test('rail_unavailable: except for a probe', async () => {
    const transfer = await reserved(ledger, toBank(accounts));
    await setBreaker(pools, 'open');
    expect(await why(transfer)).toBe('rail_unavailable');
    expect(await why(transfer, { probe: true })).toBe('granted 1');
    await setBreaker(pools, 'closed');
  });

  test('rail_unavailable: while an operator pauses the rail, for a probe and for a sender that had a lease too', async () => {
    const transfer = await reserved(ledger, toBank(accounts));
    const sender = randomUUID();
    await ask(transfer, { sender });
    await setPause(pools, 'olga');
    expect(await why(transfer, { sender })).toBe('rail_unavailable');
    await setBreaker(pools, 'open');
    expect(await why(transfer, { probe: true })).toBe('rail_unavailable');
    await setBreaker(pools, 'closed');
    await setPause(pools, null);
    expect(await why(transfer, { sender })).toBe('granted 1');
  });

  test('more than 500 at once is a bug of the caller', async () => {
    const commands = Array.from({ length: 501 }, () => aClaim({ id: randomUUID(), carrier: randomUUID() }));
    await expect(claim(pools.worker, commands)).rejects.toThrow('at most 500');
    await expect(claim(pools.worker, commands.slice(0, 1).concat(commands.slice(0, 1)))).rejects.toThrow(
      'one for a transfer',
    );
  });
});
