import { randomBytes } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { check } from '../../../domain/check.ts';
import { inTime } from './in-time.ts';

const retentionS = 86_400;

/** Where the Temporal of this test run answers. */
export function temporalAddress(): string {
  const address = process.env['TEST_TEMPORAL_ADDRESS'];
  check(address, 'TEST_TEMPORAL_ADDRESS is not set: this test belongs to the jest project "real"');
  return address;
}

/** Connects to it, however busy the machine is: the bound of the SDK, ten seconds, is for a server that is away. */
export const connectToTemporal = (address = temporalAddress()): Promise<Connection> =>
  Connection.connect({ address, connectTimeout: inTime(60_000) });

/** Registers a new namespace, so that two test files never work on each other's queues. Answers its name. */
export async function registerNamespace({ workflowService }: Connection): Promise<string> {
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  // The server's own type for a duration wants a Long; protobufjs takes a plain number as well.
  const workflowExecutionRetentionPeriod = { seconds: retentionS as never };
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  return namespace;
}
