import { beforeEach, expect, test } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { Registry } from 'prom-client';
import { Bug } from '../domain/check.ts';
import { createFaults } from '../telemetry/faults.ts';
import { alarmSteps } from './step-alarms.ts';

const raised: string[] = [];
beforeEach(() => {
  raised.length = 0;
});
const registry = new Registry();
const intercept = alarmSteps({ alarms: { raise: (what) => void raised.push(what) }, faults: createFaults(registry) });

type Run = { attempt?: number; maximumAttempts?: number; isLocal?: boolean };

/** What Temporal gets from a step that throws this. */
async function run(error: unknown, { attempt = 1, maximumAttempts, isLocal = false }: Run = {}): Promise<unknown> {
  const info = {
    ...{ activityType: 'submit', attempt, isLocal, workflowExecution: { workflowId: 'w', runId: 'r' } },
    ...(maximumAttempts !== undefined && { retryPolicy: { maximumAttempts } }),
  };
  const step = async () => {
    throw error;
  };
  try {
    return await intercept({ info } as unknown as Context).inbound?.execute?.({ args: [], headers: {} }, step);
  } catch (caught) {
    return caught;
  }
}

test.each([
  ['a check in the code', new Bug('debits differ from credits')],
  ['a check raised by the database', sqlError('P0001')],
  ['a constraint of the database', sqlError('23514')],
])('%s raises an alarm, and is retried rarely', async (_, error) => {
  const thrown = await run(error);
  expect(thrown).toBeInstanceOf(ApplicationFailure);
  expect(thrown).toMatchObject({ type: 'Bug', nextRetryDelay: 600_000 });
  expect(raised).toEqual(['step_broke_a_check']);
});

const faults: [string, Error][] = [
  ['a lost connection', Object.assign(new Error('terminated'), { code: 'ECONNRESET' })],
  ['a deadlock', sqlError('40P01')],
  ['a statement that outgrew its timeout', sqlError('57014')],
  ['any other error', new TypeError('x is not a function')],
];
test.each(faults)('%s is a fault: no alarm at first, one at its sixth failure', async (_, error) => {
  expect(await run(error, { attempt: 5 })).toBe(error);
  expect(raised).toEqual([]);
  expect(await run(error, { attempt: 6 })).toBe(error);
  expect(raised).toEqual(['step_keeps_failing']);
});

test('the last of a few tries raises an alarm too; what continues elsewhere or has an alarm of its own does not', async () => {
  await run(sqlError('57014'), { attempt: 3, maximumAttempts: 3 });
  expect(raised).toEqual(['step_keeps_failing']);
  await run(sqlError('57014'), { attempt: 3, maximumAttempts: 3, isLocal: true });
  await run(ApplicationFailure.nonRetryable('2 rows could not be repaired'), { attempt: 3, maximumAttempts: 3 });
  await run(new CancelledFailure('stopping'), { attempt: 6 });
  expect(raised).toEqual(['step_keeps_failing']);
});

test('runs that timed out, or whose worker died, count: the seventh raises an alarm when it begins', async () => {
  const info = { activityType: 'inquire', attempt: 7, workflowExecution: { workflowId: 'w', runId: 'r' } };
  await intercept({ info } as unknown as Context).inbound?.execute?.({ args: [], headers: {} }, async () => 'done');
  expect(raised).toEqual(['step_keeps_failing']);
});

test('every failure is counted by its step and kind, and those of the database by their code', async () => {
  registry.resetMetrics();
  await run(sqlError('57014'));
  await run(new TypeError('x'));
  const text = await registry.metrics();
  expect(text).toContain('quittance_failures_total{of="submit",kind="57014"} 1');
  expect(text).toContain('quittance_failures_total{of="submit",kind="TypeError"} 1');
  expect(text).toContain('quittance_database_errors_total{code="57014"} 1');
});

function sqlError(code: string): Error {
  return Object.assign(new Error(`SQLSTATE ${code}`), { code });
}
