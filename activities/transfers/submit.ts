import { randomUUID } from 'node:crypto';
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { createTaskGroup } from '../../concurrency/task-group.ts';
import type { SubmitInput, SubmitResult } from '../../workflows/contract/steps.ts';
import { concludeWithRetries } from './conclude-with-retries.ts';
import { putMembersOff } from './put-off.ts';
import { type Sending, type SubmitDeps, sendInTurn } from './send.ts';

/** A failed execution may have sent, and the next may send again under the same key. A third one inquires instead. */
const executionsThatSend = 2;

/**
 * Sends a group's members to their rail, as many concurrently as the rail takes, and writes each outcome as it
 * arrives: a slow member delays no other, and no outcome is only in memory. Who may send is the ledger's decision
 * ("Who may send" in ARCHITECTURE.md): each send is a grant with a lease, for this execution only.
 */
export const submit =
  (deps: SubmitDeps) =>
  async (input: SubmitInput): Promise<SubmitResult> => {
    const ends = AbortSignal.any([AbortSignal.timeout(input.budgetMs), cancellationSignal(), deps.stopping]);
    if (activityInfo().attempt <= executionsThatSend) return await sendAll(deps, input, ends);
    return { left: [], toInquire: await putMembersOff(deps, { ...input, until: ends }) };
  };

async function sendAll(deps: SubmitDeps, input: SubmitInput, ends: AbortSignal): Promise<SubmitResult> {
  const members = await deps.readSnapshots(input.ids);
  const idsIn = (state: string) => members.filter((member) => member.state === state).map(({ id }) => id);
  const failed = new AbortController();
  const sending: Sending = {
    ...deps,
    groupId: input.groupId,
    probe: input.probe,
    sender: randomUUID(),
    conclude: concludeWithRetries(deps.ledger),
    failed,
    halt: AbortSignal.any([ends, failed.signal]),
    left: [],
    toInquire: new Set(idsIn('unknown')),
  };
  const tasks = createTaskGroup();
  for (const member of members) if (member.state === 'submitting') void tasks.start(sendInTurn(sending, member));
  await tasks.waitForAll();
  await deps.observer.flush();

  const { left, toInquire } = sending;
  if (!deps.stopping.aborted) return { left, toInquire: [...toInquire] };
  const rest = await putMembersOff(deps, { groupId: input.groupId, ids: left, until: ends });
  return { left: [], toInquire: [...toInquire, ...rest] };
}
