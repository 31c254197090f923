import { beforeEach, expect, test } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Bug } from '../domain/check.ts';
import { alarmBugs } from './bug-interceptor.ts';

const logged: string[] = [];
const info = { activityType: 'submit', attempt: 1, workflowExecution: { workflowId: 'w', runId: 'r' } };
const context = { info } as unknown as Context;
const { inbound } = alarmBugs({ raise: (what) => void logged.push(what) })(context);
beforeEach(() => {
  logged.length = 0;
});

/** What Temporal gets from a step that throws this. */
async function run(error: unknown): Promise<unknown> {
  const step = async () => {
    throw error;
  };
  try {
    return await inbound?.execute?.({ args: [], headers: {} }, step);
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
  expect(logged).toEqual(['step_broke_a_check']);
});

test.each([
  ['a lost connection', Object.assign(new Error('terminated'), { code: 'ECONNRESET' })],
  ['a deadlock', sqlError('40P01')],
])('%s is a fault like others: retried by the table of activities', async (_, error) => {
  expect(await run(error)).toBe(error);
  expect(logged).toEqual([]);
});

function sqlError(code: string): Error {
  return Object.assign(new Error(`SQLSTATE ${code}`), { code });
}
