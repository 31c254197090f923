import { stepsFor } from '../activity-table.ts';
import type { StatementRunsInput } from '../contract/messages.ts';
import type { OpenStatementRunsResult } from '../contract/steps.ts';
import { waitsOf } from '../contract/waits.ts';

/**
 * Asks the ledger which tenants have statements to make, and starts their runs. Schedule `statements` runs it every minute, by UTC:
 * when a tenant's month ends is a question to the book, so a clock change or an outage of days leaves nothing out.
 */
export function statementRuns(input: StatementRunsInput): Promise<OpenStatementRunsResult> {
  return stepsFor(waitsOf(input)).openStatementRuns();
}
