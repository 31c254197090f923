import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, type Connection } from '@temporalio/client';
import pino from 'pino';
import { listenForAlarms } from '../test/support/harness/alarms.ts';
import { connectToTemporal, registerNamespace } from '../test/support/harness/temporal.ts';
import { dispatchWorkflowId } from '../workflows/contract/ids.ts';
import { scheduleIds } from '../workflows/contract/names.ts';
import { defaultWaits } from '../workflows/contract/waits.ts';
import { provision } from './provision.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await connectToTemporal();
});
afterAll(() => connection.close());

const newClient = async () => new Client({ connection, namespace: await registerNamespace(connection) });

/** The same server behind an authorizer that refuses everything of the operator service. */
function withoutOperatorService(client: Client): Client {
  const refuse = () => Promise.reject(Object.assign(new Error('7 PERMISSION_DENIED'), { code: 7 }));
  const operatorService = { listSearchAttributes: refuse, addSearchAttributes: refuse };
  const behind = Object.create(connection, { operatorService: { value: operatorService } });
  return Object.create(client, { connection: { value: behind } });
}

async function provisioned(client: Client) {
  const { alarms, raised } = listenForAlarms();
  await provision({ client, waits: defaultWaits, alarms, log: pino({ level: 'silent' }), isStart: false });
  return raised.map(({ alarm }) => alarm);
}

const hasSchedules = async (client: Client) => {
  for (const id of Object.values(scheduleIds)) await client.schedule.getHandle(id).describe();
  return (await client.workflow.getHandle(dispatchWorkflowId('instant')).describe()).status.name;
};

test('a server that refuses to register search attributes still gets its schedules and dispatchers, and raises an alarm', async () => {
  const client = await newClient();
  expect(await provisioned(withoutOperatorService(client))).toEqual(['search_attributes_missing']);
  expect(await hasSchedules(client)).toBe('RUNNING');
  // An administrator registers them, here with our own call: then there is no alarm.
  expect(await provisioned(client)).toEqual([]);
  expect(await provisioned(withoutOperatorService(client))).toEqual([]);
});

test('a paused schedule raises an alarm until it is resumed, and stays paused', async () => {
  const client = await newClient();
  await provisioned(client);
  const sweep = client.schedule.getHandle('sweep');
  await sweep.pause('holiday');
  expect(await provisioned(client)).toEqual(['schedule_paused']);
  expect((await sweep.describe()).state).toMatchObject({ paused: true, note: 'holiday' });
  await sweep.unpause();
  expect(await provisioned(client)).toEqual([]);
});
