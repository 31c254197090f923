import { accounts } from './accounts.ts';
import { archive } from './archive.ts';
import { attempts } from './attempts.ts';
import { balances } from './balances.ts';
import { batches } from './batches.ts';
import { causes } from './causes.ts';
import { clientHolds } from './client-holds.ts';
import { completed } from './completed.ts';
import { contradictions } from './contradictions.ts';
import { counterparts, sent } from './counterparts.ts';
import { deadlines } from './deadlines.ts';
import { effective } from './effective.ts';
import { entries } from './entries.ts';
import { evidence } from './evidence.ts';
import { guards } from './guards.ts';
import { held } from './held.ts';
import { holds } from './holds.ts';
import { kept } from './kept.ts';
import { keys } from './keys.ts';
import { limits } from './limits.ts';
import { nextSteps } from './next-steps.ts';
import { noEffect } from './no-effect.ts';
import { notices } from './notices.ts';
import { overdrawn } from './overdrawn.ts';
import { overdue } from './overdue.ts';
import { partitions } from './partitions.ts';
import { periods } from './periods.ts';
import { publications } from './publications.ts';
import { requests } from './requests.ts';
import { reversals } from './reversals.ts';
import { rows } from './rows.ts';
import type { Check } from './run.ts';
import { sends } from './sends.ts';
import { sequences } from './sequences.ts';
import { statementMonths } from './statement-months.ts';
import { statementObjects } from './statement-objects.ts';
import { statements } from './statements.ts';
import { states } from './states.ts';
import { tenants } from './tenants.ts';
import { totals, trialBalance } from './trial-balance.ts';

/** Everything that the books must keep, in the order in which it is printed. */
export const checks: readonly Check[] = [
  trialBalance,
  totals,
  accounts,
  balances,
  held,
  sequences,
  overdrawn,
  limits,
  entries,
  requests,
  effective,
  periods,
  causes,
  completed,
  reversals,
  holds,
  noEffect,
  clientHolds,
  states,
  evidence,
  rows,
  keys,
  attempts,
  contradictions,
  counterparts,
  sent,
  sends,
  tenants,
  batches,
  kept,
  statements,
  statementObjects,
  statementMonths,
  archive,
  publications,
  notices,
  nextSteps,
  overdue,
  deadlines,
  partitions,
  guards,
];
