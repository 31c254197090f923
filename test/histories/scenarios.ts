import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import { v7 as uuidV7 } from 'uuid';
import type { ActivityDeps } from '../../activities/index.ts';
import { startStatementRun } from '../../activities/statements/start-run.ts';
import { check } from '../../domain/check.ts';
import { railOf } from '../../domain/rail.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { requestStatement } from '../../ledger/statements/request.ts';
import { setStatementPace } from '../../ledger/statements/set-pace.ts';
import { deliveryWorkflowId, statementRunId } from '../../workflows/contract/ids.ts';
import { lookSignal, progressQuery } from '../../workflows/contract/messages.ts';
import { scheduleIds, type workflowTypes } from '../../workflows/contract/names.ts';
import { aTransfer, toBank } from '../support/fixtures/accounts.ts';
import type { Platform, PlatformOptions } from '../support/harness/in-process.ts';
import { inTime, until } from '../support/harness/in-time.ts';
import { startReceiver } from '../support/harness/notice-receiver.ts';
import { endMonthNow, madeByTheLook } from '../support/harness/statement-runs.ts';

/** Bank accounts of the simulator, by what becomes of a transfer to them (simulator/README.md). */
const bankAccounts = {
  accepted: '770000000',
  rejected: '772000200',
  told500: '773000500',
  reset: '773000101',
  turnedAway: '773000301',
  // Answers when `requestTimeoutMs` of `shortTerms` is over: after 600 ms on a machine that has nothing else to do.
  tooLate: `7730006${String(Math.ceil(inTime(600) / 100)).padStart(2, '0')}`,
} as const;

/** Faults that the simulator cannot make, by a word in the request; see {@link withFaults}. */
const lostName = 'Lost Answer';
const slowReference = 'slow';

/** A platform on which no worker serves the rail, until a test starts one with `serve`. Groups wait for it for a moment. */
export const withoutRailWorker: PlatformOptions = {
  roles: ['groups', 'upkeep', 'delivery', 'statements', 'archive'],
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
  'statements-of-a-month': { shows: ['statementRuns', 'statementRun'], run: (platform) => monthOfStatements(platform) },
  'statements-on-lanes': {
    shows: ['statementRun'],
    run: (platform) => monthOfStatements(platform),
    options: { interceptors: { activity: [asOfThousands] } },
  },
  'statements-paused': { shows: ['statementRun'], run: (platform) => pausedStatements(platform) },
  'statements-on-request': { shows: ['statementRun'], run: (platform) => statementOnRequest(platform) },
  archive: { shows: ['archiving'], run: (platform) => runOf(platform, scheduleIds.archive) },
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

/** A month that is said to have thousands of statements, so that its run takes lanes for them. */
function asOfThousands({ info }: Context): ActivityInterceptors {
  return { inbound: {
    execute: async (input, next) => {
      const found: unknown = await next(input);
      const isCut = info.activityType === 'cutStatements' && typeof found === 'object' && found !== null;
      return isCut && 'accounts' in found ? { ...found, accounts: 2_500 } : found;
    },
  } };
}

async function monthOfStatements(platform: Platform): Promise<void> {
  const { tenantId } = platform.accounts;
  await madeByTheLook(platform, tenantId, await endMonthNow(platform.pools, tenantId));
}

/** A pace of nothing, then none: the run waits between two looks, and a signal ends its wait. */
async function pausedStatements({ client, pools, accounts: { tenantId }, waits }: Platform): Promise<void> {
  const month = await endMonthNow(pools, tenantId);
  const setPace = (pace: number | null) => setStatementPace(pools.api, { tenantId, month, pace, actor: 'test' });
  await setPace(0);
  await startStatementRun(client, { tenantId, month, waits });
  const run = client.workflow.getHandle(statementRunId(tenantId, month));
  await until(async () => (await run.query(progressQuery)).pace === 0);
  await setPace(null);
  await run.signal(lookSignal);
  await run.result();
}

async function statementOnRequest({ client, pools, accounts: { tenantId, ada }, waits }: Platform): Promise<void> {
  const request = { id: uuidV7(), tenantId, accountId: ada, actor: 'test', idempotencyKey: null };
  const made = await requestStatement(pools.api, request);
  check(made.ok, 'an account of a customer may have a statement');
  await startStatementRun(client, { tenantId, month: null, waits });
  await client.workflow.getHandle(statementRunId(tenantId, null)).result();
}
