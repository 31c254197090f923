import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { StatementCounts, StatementRunInput, StatementRunResult } from '../contract/messages.ts';
import { changedWaits, type Waits } from '../contract/waits.ts';
import type { Story } from './story.ts';

/** A run as it goes on. `waits` are the newest that a step has brought; `isWoken`: a signal came since the last look. */
export type Run = Pick<StatementRunInput, 'tenantId' | 'month'> & { waits: Waits; story: Story; isWoken: boolean };

type StatementRun = (input: StatementRunInput) => Promise<StatementRunResult>;

/** A run that has a long history goes on as a new one; of a month without `counts` it begins with the cut. */
export async function continueWhenLong({ tenantId, month, waits }: Run, counts?: StatementCounts): Promise<void> {
  if (!workflowInfo().continueAsNewSuggested) return;
  await condition(allHandlersFinished);
  const rest = { tenantId, month, waits: changedWaits(waits) };
  await continueAsNew<StatementRun>(counts ? { ...rest, counts } : rest);
}
