import { check } from '../../../domain/check.ts';
import type { HoldOutcome } from '../../../ledger/holds/act.ts';
import { captureHolds } from '../../../ledger/holds/capture.ts';
import { createHolds } from '../../../ledger/holds/create.ts';
import { type DuePlace, expireHolds } from '../../../ledger/holds/expire.ts';
import { releaseHolds } from '../../../ledger/holds/release.ts';
import { type Pools, withoutTriggers } from '../../support/fixtures/accounts.ts';
import { aCapture, aHold, aRelease, holdsOf as verbsAndTimeOf } from '../../support/fixtures/holds.ts';
import type { NewCapture, NewHold, NewRelease } from '../model/terms.ts';
import { fingerprintOf, ignored, keyReused } from './commands.ts';

/** The answer to a capture, and the entry that the database made for it. */
export type Captured = { answer: string; entryId: string | null };

const dayMs = 86_400_000;

/** The verbs of holds that clients make, and what time does to them. */
export const holdsOf = (pools: Pools, tenantId: string) => ({
  async createHolds(batch: NewHold[]): Promise<string[]> {
    const outcomes = await createHolds(
      pools.api,
      batch.map((request) => newHold(tenantId, request)),
      ignored,
    );
    return outcomes.map((outcome) => {
      if (outcome.result === 'key_reused') return keyReused(outcome);
      if (outcome.result === 'too_old' || outcome.result === 'expiry_out_of_range') return outcome.result;
      return `${outcome.result} ${outcome.holdId} ${outcome.refusal ?? 'open'}`;
    });
  },

  async captureHolds(batch: NewCapture[]): Promise<Captured[]> {
    const captures = batch.map(({ id, key, body, hold: holdId, amount, isFinal }) =>
      aCapture(
        { tenantId },
        { id, holdId, amount: amount === null ? null : String(amount), isFinal, idempotencyKey: keyOf(key, body) },
      ),
    );
    const outcomes = await captureHolds(pools.api, captures, ignored);
    return outcomes.map((outcome) => {
      const facts = 'facts' in outcome ? outcome.facts : null;
      const done = facts && `${facts.id} ${facts.entryId} ${facts.amount} ${facts.capturedAmount} ${facts.holdState}`;
      return { answer: answerOf(outcome, done), entryId: facts?.entryId ?? null };
    });
  },

  async releaseHolds(batch: NewRelease[]): Promise<string[]> {
    const releases = batch.map(({ id, key, body, hold: holdId }) =>
      aRelease({ tenantId }, { id, holdId, idempotencyKey: key === null ? null : keyOf(key, body) }),
    );
    const outcomes = await releaseHolds(pools.api, releases, ignored);
    return outcomes.map((outcome) => answerOf(outcome, 'released'));
  },

  /** The time of these holds is over, or will be in so many milliseconds. */
  async endHolds(ids: string[], inMs = -1_000): Promise<void> {
    await withoutTriggers(pools.root, async (client) => {
      const expiry = "clock_timestamp() + $2 * interval '1 ms'";
      await client.query(`update ledger.client_hold set expires_at = ${expiry} where id = any ($1)`, [ids, inMs]);
    });
  },

  /** The upkeep has looked for so long that it may expire what is due. */
  keepSteady: (): Promise<void> => verbsAndTimeOf(pools).steady(6 * 60_000),

  /** Looks for what is due, in slices of so many holds, and returns how many it expired. */
  async expireHolds(limit: number): Promise<number> {
    let count = 0;
    let after: DuePlace | null = null;
    do {
      const slice = await expireHolds(pools.worker, { after, limit, clock: new Date() }, ignored);
      count += slice.count;
      after = slice.last;
    } while (after !== null);
    return count;
  },
});

const keyOf = (key: string, body: string) => ({ key, fingerprint: fingerprintOf(body) });

function newHold(tenantId: string, { id, key, body, from, to, currency, amount, expiry }: NewHold) {
  const inMs = { default: null, ahead: 29 * dayMs, passed: -1_000, too_far: 31 * dayMs }[expiry];
  return aHold(
    { tenantId, ada: from, grace: to },
    {
      ...{ id, currency, amount: String(amount), idempotencyKey: keyOf(key, body) },
      expiresAt: inMs === null ? null : new Date(Date.now() + inMs),
    },
  );
}

/** `done`: what was done, in words. */
function answerOf(outcome: HoldOutcome<unknown>, done: string | null): string {
  if (outcome.result === 'key_reused') return keyReused(outcome);
  if (outcome.result === 'too_old' || outcome.result === 'not_found') return outcome.result;
  check(outcome.refusal !== null || done !== null, 'an answer has what was done');
  const { state, version, capturedAmount } = outcome.hold;
  return `${outcome.result} ${outcome.refusal ?? done} of ${state} ${version} ${capturedAmount}`;
}
