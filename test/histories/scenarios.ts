import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { ActivityDeps } from '../../activities/index.ts';
import { railOf } from '../../domain/rail.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { deliveryWorkflowId } from '../../workflows/contract/ids.ts';
import { scheduleIds, type workflowTypes } from '../../workflows/contract/names.ts';
import { aTransfer, toBank } from '../support/fixtures/accounts.ts';
import type { Platform, PlatformOptions } from '../support/harness/in-process.ts';
import { startReceiver } from '../support/harness/notice-receiver.ts';

/** Bank accounts of the simulator, by what becomes of a transfer to them (simulator/README.md). */
const bankAccounts = {
  accepted: '770000000',
  rejected: '772000200',
  told500: '773000500',
  reset: '773000101',
  turnedAway: '773000301',
  // Answers after 600 ms.
  tooLate: '773000606',
} as const;

/** Faults that the simulator cannot make, by a word in the request; see {@link withFaults}. */
const lostName = 'Lost Answer';
const slowReference = 'slow';

/** A platform on which no worker serves the rail, until a test starts one with `serve`. Groups wait for it for a moment. */
export const withoutRailWorker: PlatformOptions = {
  roles: ['groups', 'upkeep', 'delivery'],
  waits: { submitQueueMs: 400 },
};

/** An answer that never arrives, and a ledger that does not decide in time, for the requests that ask for it. */
export function withFaults(deps: ActivityDeps): ActivityDeps {
  const instant = railOf(deps.rails, 'instant');
  return {
    ...deps,
    rails: {
      instant: {
        ...instant,
        submit: async (attempt, limit) => {
          const answer = await instant.submit(attempt, limit);
          return attempt.destination.name === lostName ? { outcome: 'unknown', code: 'lost_by_the_test' } : answer;
        },
      },
    },
    ledger: {
      ...deps.ledger,
      reserve: async (groupId, request) => {
        // Each run of the step: on a busy machine its second one would decide, and the step after it would never come.
        const isSlow = request.reference === slowReference && Context.current().info.activityType === 'reserveAtOnce';
        if (isSlow) await sleep(2 * (deps.waits?.localReserveMs ?? 0));
        return await deps.ledger.reserve(groupId, request);
      },
    },
  };
}

/** A cent from Ada to a bank account that behaves in a certain way. */
export const toAccount = (
  { accounts }: Platform,
  account: keyof typeof bankAccounts,
  { name = 'Ada Lovelace', ...fields }: Partial<TransferRequest> & { name?: string } = {},
): TransferRequest =>
  toBank(accounts, {
    amount: '1',
    destinationBank: { scheme: 'us_account', routingNumber: '021000021', accountNumber: bankAccounts[account], name },
    ...fields,
  });

const inTheBook = ({ accounts }: Platform, fields: Partial<TransferRequest> = {}): TransferRequest =>
  aTransfer(accounts, { amount: '1', ...fields });

/** A way in which workflows end: how it is brought about on a fresh platform, and which types of workflow show it. */
export type Scenario = {
  shows: (keyof typeof workflowTypes)[];
  run: (platform: Platform) => Promise<void>;
  options?: PlatformOptions;
};

const carries = (members: (platform: Platform) => TransferRequest[]): Scenario => ({
  shows: ['transferGroup', 'dueGroup', 'inquiry'],
  run: (platform) => carry(platform, members(platform)),
});

/** Every scenario so far. A new way to end is a new row here, recorded by `node test/histories/record.ts`. */
export const scenarios: Record<string, Scenario> = {
  'book-completed': carries((platform) => [inTheBook(platform)]),
  'book-declined': carries((platform) => [inTheBook(platform, { amount: '99999999' })]),
  'book-reserved-slowly': carries((platform) => [inTheBook(platform), inTheBook(platform, { reference: slowReference })]),
  'book-due': carries((platform) => [inTheBook(platform, { executeAt: new Date(Date.now() + 1_000).toISOString() })]),
  'instant-accepted': carries((platform) => [toAccount(platform, 'accepted')]),
  'instant-rejected': carries((platform) => [toAccount(platform, 'rejected')]),
  'instant-reserved-slowly': carries((platform) => [
    toAccount(platform, 'accepted'),
    toAccount(platform, 'told500', { reference: slowReference }),
  ]),
  'instant-many': carries((platform) => [
    toAccount(platform, 'accepted'),
    toAccount(platform, 'rejected'),
    toAccount(platform, 'told500'),
    toAccount(platform, 'turnedAway'),
  ]),
  'not-taken-sent-again': carries((platform) => [toAccount(platform, 'turnedAway')]),
  'unknown-accepted': carries((platform) => [toAccount(platform, 'told500')]),
  'unknown-rejected': carries((platform) => [toAccount(platform, 'rejected', { name: lostName })]),
  'unknown-absent-sent-again': carries((platform) => [toAccount(platform, 'reset')]),
  'unknown-too-long': { shows: ['inquiry'], run: (platform) => unknownTooLong(platform) },
  'rail-without-worker': {
    shows: ['transferGroup', 'dueGroup'],
    run: (platform) => withoutWorker(platform),
    options: withoutRailWorker,
  },
  dispatch: { shows: ['dispatch'], run: (platform) => carry(platform, [toAccount(platform, 'turnedAway')]) },
  sweep: { shows: ['sweep'], run: (platform) => runOf(platform, scheduleIds.sweep) },
  housekeeping: { shows: ['housekeeping'], run: (platform) => runOf(platform, scheduleIds.housekeeping) },
  delivery: { shows: ['delivery'], run: (platform) => delivered(platform) },
};

/** Sends one group and waits until its members are final. */
async function carry(platform: Platform, members: TransferRequest[]): Promise<void> {
  await platform.accept(members[0]?.rail ?? 'book', members);
  await platform.settled(members.map(({ id }) => id));
}

/** The bank loses its answer, then cannot be reached until a person is asked to look; then it is back. */
async function unknownTooLong(platform: Platform): Promise<void> {
  const request = toAccount(platform, 'accepted', { name: lostName });
  await platform.accept('instant', [request]);
  await platform.bank.control('down', { mode: 'hard_down', latency_ms: 0 });
  await platform.until(`state = 'unknown' and attention_reason is not null`, [request.id]);
  await platform.bank.control('down', { mode: 'up', latency_ms: 0 });
  await platform.settled([request.id]);
}

/** No worker of the rail takes the group in time; one comes later. */
async function withoutWorker(platform: Platform): Promise<void> {
  const request = toAccount(platform, 'accepted');
  await platform.accept('instant', [request]);
  await platform.until('version > 1', [request.id]);
  await platform.serve(['rail:instant']);
  await platform.settled([request.id]);
}

/** One run of a schedule, started now. */
async function runOf({ client }: Platform, scheduleId: string): Promise<void> {
  const schedule = client.schedule.getHandle(scheduleId);
  await schedule.trigger();
  for (;;) {
    const { info } = await schedule.describe();
    const last = info.recentActions.at(-1);
    if (last) return void (await client.workflow.getHandle(last.action.workflow.workflowId).result());
    await sleep(100);
  }
}

async function delivered(platform: Platform): Promise<void> {
  const receiver = await startReceiver(platform.pools, platform.accounts);
  await carry(platform, [inTheBook(platform)]);
  await receiver.idle();
  await platform.client.workflow.getHandle(deliveryWorkflowId(receiver.endpointId)).result();
  receiver.end();
}
