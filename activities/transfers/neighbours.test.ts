import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RailAnswer } from '../../domain/rail.ts';
import { railOf } from '../../domain/rail.ts';
import { anAccount, aTransfer, toBank } from '../../test/support/fixtures/accounts.ts';
import {
  type Platform,
  shortTerms,
  shortWaits,
  startInProcess,
  storyOf,
} from '../../test/support/harness/in-process.ts';
import { inTime } from '../../test/support/harness/in-time.ts';
import type { ActivityDeps } from '../index.ts';

/** Who waits for whom on one rail: a bank that is silent, an account that was turned away. */
const concurrency = 8;
const silentBank = '021000089';
const longMs = 60_000;
let platform: Platform;

/** Sends that a test holds back until it lets them go: by bank, by amount, or `again` and the amount for a second send. */
const gates = new Map<string, { waiting: number; open: Promise<void>; release: () => void }>();
function aGate(name: string) {
  const { promise: open, resolve: release } = Promise.withResolvers<void>();
  const gate = { waiting: 0, open, release };
  gates.set(name, gate);
  return gate;
}

function withGates(deps: ActivityDeps): ActivityDeps {
  const instant = railOf(deps.rails, 'instant');
  const sent = new Set<string>();
  const submit: typeof instant.submit = async (attempt, limit): Promise<RailAnswer> => {
    const { destination, amount, railKey } = attempt;
    const isAgain = sent.has(railKey);
    sent.add(railKey);
    const gate = gates.get(isAgain ? `again ${amount}` : amount) ?? gates.get(destination.routingNumber);
    if (gate) {
      gate.waiting += 1;
      await gate.open;
    }
    return await instant.submit(attempt, limit);
  };
  return { ...deps, rails: { instant: { ...instant, submit } } };
}

beforeAll(async () => {
  // A request may take a minute: what a test holds back is still on its way when the test looks at the others.
  const terms = { ...shortTerms, requestTimeoutMs: longMs, concurrency };
  const waits = { ...shortWaits, submitBudgetMs: longMs / 2, submitMaxMs: 2 * longMs };
  platform = await startInProcess({ terms, waits, tamper: withGates });
});
afterAll(async () => {
  for (const { release } of gates.values()) release();
  await platform.end();
});

const to = (routingNumber: string, sourceAccountId: string, amount = '1', accountNumber = '770000000') =>
  toBank(platform.accounts, {
    sourceAccountId,
    amount,
    destinationBank: { scheme: 'us_account', routingNumber, accountNumber, name: 'Grace Hopper' },
  });
async function aSource() {
  const { tenantId, funding: sourceAccountId } = platform.accounts;
  const destinationAccountId = await anAccount(platform.pools, { tenantId, name: 'Charles' });
  await platform.accept('book', [
    aTransfer(platform.accounts, { sourceAccountId, destinationAccountId, amount: '900' }),
  ]);
  return destinationAccountId;
}
const ids = (members: { id: string }[]) => members.map(({ id }) => id);

test(
  'a silent bank holds half of the requests, and the transfers to others are sent and written meanwhile',
  async () => {
    const gate = aGate(silentBank);
    const [silent, good] = [await aSource(), await aSource()];
    const stuck = Array.from({ length: 3 * concurrency }, () => to(silentBank, silent));
    await platform.accept('instant', stuck);
    await platform.until(`next_what = 'await_answer' or state = 'submitting'`, ids(stuck));
    // In one group with more of them, and in a group of its own.
    const mixed = [to(silentBank, silent), to('021000021', good), to('021000021', good)];
    const alone = [to('021000021', good)];
    await platform.accept('instant', mixed);
    await platform.accept('instant', alone);
    await platform.settled(ids([...mixed.slice(1), ...alone]));
    expect(gate.waiting).toBe(concurrency / 2);
    const { rows } = await platform.pools.root.query(
      `select count(*)::int as sends from ledger.send where transfer_id = any($1)`,
      [ids(stuck)],
    );
    expect(rows).toEqual([{ sends: concurrency / 2 }]);
    gate.release();
    await platform.settled();
  },
  inTime(120_000),
);

/** A transfer that the bank turns away once; its next send is held back by the gate that it returns. */
async function turnedAway(source: string, amount: string) {
  const first = to('021000021', source, amount, '773000301');
  const gate = aGate(`again ${amount}`);
  await platform.accept('instant', [first]);
  await platform.until(`next_what = 'await_answer' and version > 2`, [first.id]);
  return { first, gate };
}

test(
  'what a dispatcher took of one account is sent side by side, and those that come then wait for none of it',
  async () => {
    const source = await aSource();
    const { first, gate } = await turnedAway(source, '11');
    const followers = [to('021000021', source, '12'), to('021000021', source, '12')];
    const followersGate = aGate('12');
    await platform.accept('instant', followers);
    await platform.until(`state = 'scheduled' and next_what = 'send_in_turn'`, ids(followers));
    gate.release();
    await platform.settled([first.id]);
    // One group takes them, and neither waits for the other's answer.
    await platform.until(`next_what = 'await_answer'`, ids(followers));
    const later = to('021000021', source, '13');
    await platform.accept('instant', [later]);
    await platform.settled([later.id]);
    expect(await storyOf(platform.pools, later.id)).toEqual(['reserved', 'accepted']);
    followersGate.release();
    await platform.settled();
  },
  inTime(120_000),
);
