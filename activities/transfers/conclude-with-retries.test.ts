import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { railOf } from '../../domain/rail.ts';
import { toAccount } from '../../test/histories/scenarios.ts';
import { type Platform, shortTerms, startInProcess, storyOf } from '../../test/support/harness/in-process.ts';
import { breaches } from '../../test/support/harness/invariants.ts';
import type { ActivityDeps } from '../index.ts';

/** How long the workers' database is down: many times the pauses of the ledger's batcher together. */
const awayMs = 1_500;

let platform: Platform;
/** Runs once, when the bank has answered and the answer is not written yet. */
let onAnswer: () => Promise<unknown> = async () => {};
const requests = { sends: 0, inquiries: 0 };

beforeAll(async () => {
  // The lease outlives the outage: else the sweep may find the send overdue before its answer is written.
  platform = await startInProcess({ tamper: withOutage, terms: { ...shortTerms, leaseMarginMs: 10 * awayMs } });
});
beforeEach(() => {
  Object.assign(requests, { sends: 0, inquiries: 0 });
});
afterAll(() => platform.end());

function withOutage(deps: ActivityDeps): ActivityDeps {
  const instant = railOf(deps.rails, 'instant');
  const takeAwayOnce = async () => {
    const act = onAnswer;
    onAnswer = async () => {};
    await act();
  };
  return {
    ...deps,
    rails: {
      instant: {
        ...instant,
        submit: async (attempt, limit) => {
          requests.sends += 1;
          const answer = await instant.submit(attempt, limit);
          if (answer.outcome === 'accepted') await takeAwayOnce();
          return answer;
        },
        inquire: async (attempt, limit) => {
          requests.inquiries += 1;
          const finding = await instant.inquire(attempt, limit);
          if (finding.outcome === 'accepted') await takeAwayOnce();
          return finding;
        },
      },
    },
  };
}

/** Ends every connection of the workers to their database and refuses new ones for a while. Returns when the connections are gone. */
async function takeDatabaseAway(): Promise<void> {
  const { root } = platform.pools;
  const { rows } = await root.query<{ name: string }>('select current_database() as name');
  const limitTo = (max: number) => root.query(`alter database ${rows[0]?.name} connection limit ${max}`);
  await limitTo(0);
  await root.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'quittance_worker'",
  );
  void sleep(awayMs).then(() => limitTo(-1));
}

test('an answer that arrives while the database is down is written when it is back, after one send', async () => {
  const request = toAccount(platform, 'accepted');
  onAnswer = takeDatabaseAway;
  await platform.accept('instant', [request]);
  await platform.settled([request.id]);
  expect(await storyOf(platform.pools, request.id)).toEqual(['reserved', 'accepted']);
  const { rows } = await platform.pools.root.query('select n, outcome from ledger.send where transfer_id = $1', [
    request.id,
  ]);
  expect(rows).toEqual([{ n: 1, outcome: 'accepted' }]);
  expect(requests).toEqual({ sends: 1, inquiries: 0 });
  expect(await breaches(platform.pools.root, await platform.bank.truth())).toEqual([]);
});

test('so is the answer of an inquiry, without another inquiry', async () => {
  const request = toAccount(platform, 'told500');
  onAnswer = takeDatabaseAway;
  await platform.accept('instant', [request]);
  await platform.settled([request.id]);
  expect(await storyOf(platform.pools, request.id)).toEqual(['reserved', 'no_answer', 'accepted']);
  expect(requests).toEqual({ sends: 1, inquiries: 1 });
});
