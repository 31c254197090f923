/** Every workflow under its name in Temporal: the entry of the bundle. Names never change (docs/how-to). */
export { archiving } from './archive/archiving.ts';
export { delivery } from './notices/delivery.ts';
export { statementRun } from './statements/run.ts';
export { statementRuns } from './statements/runs.ts';
export { dispatch } from './transfers/dispatch.ts';
export { dueGroup } from './transfers/due-group.ts';
export { transferGroup } from './transfers/group.ts';
export { inquiry } from './transfers/inquiry.ts';
export { housekeeping } from './upkeep/housekeeping.ts';
export { sweep } from './upkeep/sweep.ts';
