import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { railOf } from '../../domain/rail.ts';
import { toAccount } from '../../test/histories/scenarios.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { type Platform, shortTerms, startInProcess, storyOf } from '../../test/support/harness/in-process.ts';
import { breaches } from '../../test/support/harness/invariants.ts';
import type { ActivityDeps } from '../index.ts';

/** The fault for transfers of these amounts, and how often each was sent. */
const amounts = { concludeFails: '3', claimIsLate: '4', claimIsPoison: '5' };
const { alarms, raised } = listenForAlarms();
const sent = new Map<string, number>();
let isPoisonous = false;
const stopping = new AbortController();
/** After so many more requests to the bank the process stops. */
let requestsLeft = Number.POSITIVE_INFINITY;
let platform: Platform;

beforeAll(async () => {
  platform = await startInProcess({ tamper: withFaults, terms: { ...shortTerms, concurrency: 4 } });
});
afterAll(() => platform.end());

function withFaults(deps: ActivityDeps): ActivityDeps {
  const { ledger } = deps;
  const instant = railOf(deps.rails, 'instant');
  const failing = new Set<string>();
  let lateClaims = 1;
  return {
    ...deps,
    stopping: stopping.signal,
    alarms,
    rails: {
      instant: {
        ...instant,
        submit: async (attempt, limit) => {
          sent.set(attempt.railKey, (sent.get(attempt.railKey) ?? 0) + 1);
          const answer = instant.submit(attempt, limit);
          requestsLeft -= 1;
          if (requestsLeft === 0) stopping.abort();
          return await answer;
        },
      },
    },
    ledger: {
      ...ledger,
      claim: async (command) => {
        const grant = await ledger.claim(command);
        if (!grant.granted) return grant;
        if (grant.attempt.amount === amounts.claimIsPoison && isPoisonous)
          throw Object.assign(new Error('a check of the database'), { code: 'P0001' });
        if (grant.attempt.amount === amounts.concludeFails) failing.add(grant.id);
        if (grant.attempt.amount === amounts.claimIsLate && lateClaims > 0) {
          lateClaims -= 1;
          await sleep((shortTerms.leaseMarginMs ?? 0) + 50);
        }
        return grant;
      },
      conclude: async (report) => {
        // Not a fault of the database, which would be retried.
        if (report.source === 'reply' && failing.has(report.transferId)) throw new TypeError('it was not written');
        return await ledger.conclude(report);
      },
    },
  };
}

const sends = async (id: string) => {
  const { rows } = await platform.pools.root.query<{ outcome: string | null }>(
    'select outcome from ledger.send where transfer_id = $1 order by n',
    [id],
  );
  return rows.map(({ outcome }) => outcome);
};

test('when an outcome cannot be written, the transfer is sent once more under the same key, then inquired about', async () => {
  const request = toAccount(platform, 'accepted', { amount: amounts.concludeFails });
  await platform.accept('instant', [request]);
  await platform.settled([request.id]);
  expect(await storyOf(platform.pools, request.id)).toEqual(['reserved', 'no_answer', 'accepted']);
  expect(await sends(request.id)).toEqual(['unknown', null]);
  expect([...sent.values()]).toEqual([2]);
  expect(await platform.bank.truth()).toHaveLength(1);
});

test('a member whose claim the database refuses permanently raises an alarm of its own, and the others continue immediately', async () => {
  isPoisonous = true;
  const poison = toAccount(platform, 'accepted', { amount: amounts.claimIsPoison });
  const siblings = Array.from({ length: 8 }, () => toAccount(platform, 'accepted', { amount: '6' }));
  await platform.accept('instant', [poison, ...siblings]);
  await platform.settled(siblings.map(({ id }) => id));
  for (const { id } of siblings) expect(await storyOf(platform.pools, id)).toEqual(['reserved', 'accepted']);
  expect(raised).toContainEqual(
    expect.objectContaining({ transferId: poison.id, msg: 'ALARM: the ledger refuses a step of this transfer' }),
  );
  isPoisonous = false;
  await platform.settled([poison.id]);
});

test('a grant that came too late for a whole request is returned unused', async () => {
  const request = toAccount(platform, 'accepted', { amount: amounts.claimIsLate });
  await platform.accept('instant', [request]);
  await platform.settled([request.id]);
  expect(await storyOf(platform.pools, request.id)).toEqual(['reserved', 'put_off', 'due', 'accepted']);
  expect(await sends(request.id)).toEqual(['not_sent', 'accepted']);
});

test('a process that stops finishes what is in flight and puts off the rest', async () => {
  const slow = [toAccount(platform, 'tooLate'), toAccount(platform, 'tooLate')];
  const waiting = [toAccount(platform, 'accepted'), toAccount(platform, 'accepted')];
  requestsLeft = slow.length;
  await platform.accept('instant', [...slow, ...waiting]);
  const ids = (members: { id: string }[]) => members.map(({ id }) => id);
  // Both answers come too late. Their inquiries are started elsewhere: this process begins nothing now.
  await platform.until(`state = 'unknown'`, ids(slow));
  await platform.until(`state = 'scheduled'`, ids(waiting));
  for (const { id } of waiting) expect(await sends(id)).toEqual([]);
  expect(await breaches(platform.pools.root, await platform.bank.truth())).toEqual([]);
});
