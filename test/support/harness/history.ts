import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

/** The events of a run with what they hold as who has the keys sees it: `fetchHistory` answers what Temporal stores. */
export async function readEvents(client: Client, { workflowId }: { workflowId: string }): Promise<Events> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  await decodeIn(client, events);
  return events ?? [];
}

const isPayload = (value: object): value is Payload => 'metadata' in value && 'data' in value;

/** Replaces each payload below `value` that is encrypted. */
async function decodeIn(client: Client, value: unknown): Promise<void> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (isPayload(value)) {
    for (const codec of client.options.dataConverter?.payloadCodecs ?? [])
      Object.assign(value, ...(await codec.decode([value])));
    return;
  }
  for (const member of Object.values(value)) await decodeIn(client, member);
}
