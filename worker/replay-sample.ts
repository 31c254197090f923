import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';

/** What became of a sample: how many runs were replayed, and which of them would stop with this code, and why. */
export type ReplayOutcome = { replayed: number; stopped: { workflowId: string; runId: string; reason: string }[] };

/** Which runs: `perQuery` of each, the newest first. Open ones go on with the new code; ended ones show the ways that they take. */
const queries = [
  "ExecutionStatus = 'Running'",
  // Those of a schedule take one step, and there are thousands of them.
  "ExecutionStatus != 'Running' AND WorkflowType != 'sweep' AND WorkflowType != 'statementRuns' AND WorkflowType != 'archiving'",
];
/** Histories that are read from the server at once. */
const concurrency = 5;

type Replaying = { bundle: WorkflowBundleOption; dataConverter: DataConverter; perQuery: number };

/**
 * Replays the newest runs of a server with this bundle, and changes nothing there. A run whose history is gone meanwhile is
 * left out. Throws what Temporal throws.
 */
export async function replaySample(
  client: Client,
  { bundle, dataConverter, perQuery }: Replaying,
): Promise<ReplayOutcome> {
  const outcome: ReplayOutcome = { replayed: 0, stopped: [] };
  const options = { workflowBundle: bundle, dataConverter };
  for (const query of queries) {
    const listed = client.workflow.list({ query, pageSize: perQuery });
    const histories = firstOf(listed.intoHistories({ concurrency }), perQuery);
    for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, histories)) {
      outcome.replayed += 1;
      if (error) outcome.stopped.push({ workflowId, runId, reason: error.message });
    }
  }
  return outcome;
}

async function* firstOf<T>(all: AsyncIterable<T>, limit: number): AsyncGenerator<T> {
  let n = 0;
  if (limit === 0) return;
  for await (const one of all) {
    yield one;
    n += 1;
    if (n === limit) return;
  }
}
