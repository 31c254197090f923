import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import { Bug } from '../domain/check.ts';
import { isPoison } from '../ledger/faults.ts';
import type { Alarms } from '../telemetry/alarms/alarms.ts';

/** A bug is not fixed within milliseconds. The step is retried this often, so that it continues after the fix is deployed. */
const bugRetryMs = 600_000;

/** A step that broke a check, in our code or in the database, raises an alarm and is retried rarely; any other fault follows the table in `workflows/activity-table.ts`. */
export const alarmBugs =
  (alarms: Alarms) =>
  (context: Context): ActivityInterceptors => ({
    inbound: {
      execute: async (input, next) => {
        try {
          return await next(input);
        } catch (error) {
          if (!(error instanceof Bug || isPoison(error))) throw error;
          const { activityType, attempt, workflowExecution } = context.info;
          alarms.raise('step_broke_a_check', { step: activityType, attempt, ...workflowExecution, err: error });
          throw ApplicationFailure.create({
            type: 'Bug',
            message: error instanceof Error ? error.message : 'a check of the database',
            ...(error instanceof Error && { cause: error }),
            nextRetryDelay: bugRetryMs,
          });
        }
      },
    },
  });
