import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { WorkerInterceptors } from '@temporalio/worker';
import { toBank } from '../support/fixtures/accounts.ts';
import { type Platform, startInProcess } from '../support/harness/in-process.ts';
import { inTime, until } from '../support/harness/in-time.ts';
import { type OwnTemporal, startOwnTemporal } from '../support/harness/own-temporal.ts';
import { endMonthNow, madeByTheLook } from '../support/harness/statement-runs.ts';

/**
 * What Temporal stores says nothing of customers: a test of the bytes of its store, and of every history. Without encryption the same search finds
 * all of it, so that it is known to find.
 */
const texts = {
  name: 'Zebedee Quixote-Marlowe',
  account: '770918273',
  reference: 'Wombat 7731',
  description: 'school fees of Wilhelmina',
  metadata: 'marmalade-4711',
  declined: 'a yacht for Ptolemy',
  failedStep: 'submit knows account 4417123456789113',
  failedWorkflow: 'reserve knows account 6011000990139424',
};
const inClear = ['transferGroup', 'statementRun', 'group/instant/'];
const undecided = 'of nobody';

let temporal: OwnTemporal;
beforeAll(async () => {
  temporal = await startOwnTemporal();
  process.env['TEST_TEMPORAL_ADDRESS'] = temporal.address;
}, inTime(120_000));
afterAll(() => temporal.stop());

/** The first submission fails, and reserving fails for good for marked requests, each with a bank account in its message. */
const faulty: WorkerInterceptors = {
  activity: [
    () => ({
      inbound: {
        execute: async (input, next) => {
          const { activityType, attempt } = Context.current().info;
          if (activityType === 'submit' && attempt === 1) throw new Error(texts.failedStep);
          if (JSON.stringify(input.args).includes(undecided))
            throw ApplicationFailure.nonRetryable(texts.failedWorkflow);
          return await next(input);
        },
      },
    }),
  ],
};

async function use(platform: Platform): Promise<void> {
  const { name, account: accountNumber, reference, description, metadata } = texts;
  const destinationBank = { scheme: 'us_account', routingNumber: '021000021', accountNumber, name } as const;
  const { accounts, pools } = platform;
  const instant = (overrides: Partial<Parameters<typeof toBank>[1]>) =>
    toBank(accounts, { destinationBank, reference, metadata: { case: metadata }, ...overrides });
  const members = [instant({ description }), instant({ description: texts.declined, amount: '99999999' })];
  const answers = await platform.accept('instant', members);
  expect(answers).toHaveLength(2);
  await platform.settled(members.map(({ id }) => id));
  await platform.accept('instant', [instant({ reference: undecided })]).catch(() => {});
  const failed = "ExecutionStatus = 'Failed' AND WorkflowType = 'transferGroup'";
  await until(async () => (await platform.client.workflow.count(failed)).count === 1, 30_000);
  await madeByTheLook(platform, accounts.tenantId, await endMonthNow(pools, accounts.tenantId));
}

/** Every history of a namespace as JSON, and what in it is base64 as the bytes that it stands for. */
async function historiesOf({ client }: Platform): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const json = historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory());
    parts.push(Buffer.from(json));
    for (const [, data = ''] of json.matchAll(/"([A-Za-z0-9+/]{4,}={0,2})"/g)) parts.push(Buffer.from(data, 'base64'));
  }
  return Buffer.concat(parts);
}

const foundIn = (bytes: Buffer, wanted: Readonly<Record<string, string>>): string[] =>
  Object.entries(wanted).flatMap(([what, text]) => (bytes.includes(text) ? [what] : []));

// Encrypted first: the store is one, and what the other leaves in it would be found.
describe.each([
  ['encrypted', true],
  ['not encrypted', false],
] as const)('%s', (_, isEncrypted) => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startInProcess({ interceptors: faulty, isEncrypted });
    await use(platform);
  }, inTime(120_000));
  afterAll(() => platform.end());

  const expected = isEncrypted ? [] : Object.keys(texts);
  test(`Temporal's store has ${isEncrypted ? 'none' : 'all'} of what names a customer`, async () => {
    // It is written to its file a moment later.
    await until(() => Promise.resolve(inClear.every((text) => temporal.storedBytes().includes(text))), 30_000);
    expect(foundIn(temporal.storedBytes(), texts)).toEqual(expected);
  });

  test(`histories have ${isEncrypted ? 'none' : 'all'} of it`, async () => {
    const histories = await historiesOf(platform);
    expect(inClear.filter((text) => !histories.includes(text))).toEqual([]);
    expect(histories.includes('binary/encrypted')).toBe(isEncrypted);
    expect(foundIn(histories, texts)).toEqual(expected);
  });

  test('who has the keys reads why a workflow failed', async () => {
    const query = "ExecutionStatus = 'Failed' AND WorkflowType = 'transferGroup'";
    const [failed] = await Array.fromAsync(platform.client.workflow.list({ query }));
    const error: unknown = await platform.client.workflow
      .getHandle(failed?.workflowId ?? '')
      .result()
      .catch((fault: unknown) => fault);
    expect(causesOf(error)).toContain(texts.failedWorkflow);
  });
});

/** The messages of an error and of what caused it. */
function causesOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${causesOf(error.cause)}` : '';
}
