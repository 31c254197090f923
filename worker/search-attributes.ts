import type { Client } from '@temporalio/client';
import type { Alarms } from '../telemetry/alarms/alarms.ts';
import { searchAttributes } from '../workflows/contract/names.ts';

/** Numbers of Temporal's IndexedValueType for the two kinds that we use. */
const indexTypes = { KEYWORD: 2, BOOL: 5 } as const;
/** Of gRPC: the server does not know an attribute of the query. */
const invalidArgument = 3;

/**
 * Makes sure that inquiries can be found by our search attributes. A server that refuses to register them may have them already,
 * as where an administrator registers them; only if a search by them is refused too does it raise an alarm. Throws when Temporal
 * does not answer.
 */
export async function ensureSearchAttributes(client: Client, alarms: Alarms): Promise<void> {
  if (await areSearchable(client)) return;
  try {
    await register(client);
  } catch (err) {
    // Another worker may have registered them meanwhile.
    if (!(await areSearchable(client))) alarms.raise('search_attributes_missing', { err });
  }
}

async function areSearchable({ connection, options: { namespace } }: Client): Promise<boolean> {
  const query = Object.values(searchAttributes)
    .map(({ name, type }) => `${name} = ${type === 'BOOL' ? 'true' : "'none'"}`)
    .join(' AND ');
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === invalidArgument) return false;
    throw error;
  }
}

async function register({ connection, options: { namespace } }: Client): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter(({ name }) => !(name in (customAttributes ?? {})));
  if (missing.length === 0) return;
  const added = Object.fromEntries(missing.map(({ name, type }) => [name, indexTypes[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: added });
}
