import type { Context, Info } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import { Bug } from '../domain/check.ts';
import { isPoison } from '../ledger/faults.ts';
import type { Alarms } from '../telemetry/alarms/alarms.ts';
import type { Faults } from '../telemetry/faults.ts';

/** A bug is not fixed within milliseconds. The step is retried this often, so that it continues after the fix is deployed. */
const bugRetryMs = 600_000;
/** So many failures in a row are no hiccup: with the first waits of the table, some seconds of an outage. */
const failuresMax = 6;

/**
 * Counts the failures of every step and raises its alarms. A step that broke a check, in our code or in the database, raises one at
 * once and is retried rarely. Any other fault follows `workflows/activity-table.ts`; whatever the error, the sixth failure in a row raises
 * one, and so does the last of those that are allowed, because a step that is repeated without an end would fail in silence.
 */
export const alarmSteps =
  ({ alarms, faults }: { alarms: Alarms; faults?: Faults }) =>
  ({ info }: Context): ActivityInterceptors => ({
    inbound: {
      execute: async (input, next) => {
        // Those that timed out, or whose worker died, were counted by nobody.
        if (info.attempt > failuresMax) alarms.raise('step_keeps_failing', factsOf(info), info.activityType);
        try {
          return await next(input);
        } catch (error) {
          if (error instanceof CancelledFailure) throw error;
          faults?.count(error, info.activityType);
          if (error instanceof Bug || isPoison(error)) throw brokeCheck(alarms, info, error);
          if (isAlarming(info, error))
            alarms.raise('step_keeps_failing', { ...factsOf(info), err: error }, info.activityType);
          throw error;
        }
      },
    },
  });

const factsOf = ({ activityType, attempt, workflowExecution }: Info) => ({
  step: activityType,
  attempt,
  ...workflowExecution,
});

function brokeCheck(alarms: Alarms, info: Info, error: unknown): ApplicationFailure {
  alarms.raise('step_broke_a_check', { ...factsOf(info), err: error });
  return ApplicationFailure.create({
    type: 'Bug',
    message: error instanceof Error ? error.message : 'a check of the database',
    ...(error instanceof Error && { cause: error }),
    nextRetryDelay: bugRetryMs,
  });
}

/** A local activity continues as an ordinary one; what is not to be retried has raised its alarm where it was found. */
function isAlarming({ attempt, retryPolicy, isLocal }: Info, error: unknown): boolean {
  if (isLocal || (error instanceof ApplicationFailure && error.nonRetryable)) return false;
  return attempt >= failuresMax || attempt === retryPolicy?.maximumAttempts;
}
