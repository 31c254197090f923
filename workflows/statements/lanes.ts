import type { StatementRunProgress } from '../contract/messages.ts';

/** One lane more for so many statements: about as many as one makes before its first step ends. */
const statementsPerLane = 1_000;
/** Lanes of one run, spread over the workers. How much of it one worker does at once, that worker bounds. */
const lanesMax = 8;

/** How many lanes a run needs for what is left. With a pace one is enough. */
export const lanesFor = ({ left, pace }: Pick<StatementRunProgress, 'left' | 'pace'>): number =>
  pace === null ? Math.min(Math.max(Math.ceil(left / statementsPerLane), 1), lanesMax) : 1;
