import { setCurrentDetails } from '@temporalio/workflow';
import type { StatementCounts, StatementRunProgress } from '../contract/messages.ts';
import type { MakeStatementsResult } from '../contract/steps.ts';
import { toWords } from '../words.ts';

/** Where a run stands: kept for the query `progress`, and shown to who opens the run in Temporal's UI. */
export type Story = {
  progress(): StatementRunProgress;
  counts(): StatementCounts;
  enter(status: StatementRunProgress['status']): void;
  count(counts: StatementCounts): void;
  add(found: MakeStatementsResult): void;
};

/** Begins one. Its clock is the workflow's: the same on every replay. */
export function createStory(): Story {
  let progress: StatementRunProgress = {
    ...{ status: 'waiting', accounts: 0, ready: 0, made: 0, left: 0, attention: 0, pace: null },
  };
  const began = new Date();
  const show = (changes: Partial<StatementRunProgress>): void => {
    progress = { ...progress, ...changes };
    const now = new Date();
    setCurrentDetails(inWords(progress, now.getTime() - began.getTime()));
  };
  return {
    progress: () => progress,
    counts: () => {
      const { accounts, ready, attention, pace } = progress;
      return { accounts, ready, attention, pace };
    },
    enter: (status) => show({ status }),
    count: (counts) => show({ ...counts, left: leftOf(counts) }),
    add: ({ made, left, counts }) =>
      show({ made: progress.made + made, left: counts ? leftOf(counts) : left, ...counts }),
  };
}

const leftOf = ({ accounts, ready }: StatementCounts): number => accounts - ready;

/** `61,204 of 100,001, 2 need attention, about 9 min`. */
function inWords(
  { status, accounts, ready, made, left, attention, pace }: StatementRunProgress,
  tookMs: number,
): string {
  if (status === 'waiting') return 'waits until the month can be cut';
  if (status === 'cutting') return 'freezes where each statement ends';
  const parts = [accounts > 0 ? `${grouped(ready)} of ${grouped(accounts)}` : `${grouped(made)} made`];
  if (attention > 0) parts.push(`${grouped(attention)} need attention`);
  if (pace === 0) parts.push('paused');
  else if (left > 0 && made > 0) parts.push(`about ${toWords((left * tookMs) / made)}`);
  return parts.join(', ');
}

const grouped = (n: number): string => String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');
