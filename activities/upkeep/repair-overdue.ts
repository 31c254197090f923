import { ApplicationFailure } from '@temporalio/common';
import type { Log } from '../../config/log.ts';
import type { Uuid } from '../../domain/ids.ts';
import { railOf } from '../../domain/rail.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Overdue } from '../../ledger/transfers/overdue.ts';
import { railNames } from '../../rails/index.ts';
import type { RepairOverdueInput, RepairOverdueResult } from '../../workflows/contract/steps.ts';
import { type Waits, waitsOf } from '../../workflows/contract/waits.ts';
import { withHeartbeat } from '../heartbeat.ts';
import type { Waker } from '../notices/wake-deliveries.ts';
import { type FollowDeps, follow } from '../transfers/start-inquiries.ts';

export type RepairOverdueDeps = FollowDeps & {
  ledger: Pick<Ledger, 'overdue' | 'conclude'>;
  overdueEndpoints: (graceMs: number, limit: number) => Promise<Uuid[]>;
  waker: Pick<Waker, 'wake'>;
  startDrains: () => Promise<void>;
  log: Pick<Log, 'error'>;
};

/** Rows of one look in each state. What is left then is found by the next, seconds later. */
const rowsMost = 500;

/**
 * Sets going whatever is overdue: a `submitting` row that was never sent goes back to the drain, one that was sent and
 * whose lease is over becomes unknown, an unknown one gets its workflow, an endpoint's delivery is woken. A rail whose drain
 * takes nothing raises an alarm. What cannot be set going raises one as well, and the rest goes on. Throws at the end if
 * anything failed; it is not run again, because the next look is seconds away.
 */
export const repairOverdue = (deps: RepairOverdueDeps, input: RepairOverdueInput): Promise<RepairOverdueResult> =>
  withHeartbeat(async () => {
    const waits = waitsOf(input);
    const attempts = createAttempts(deps.log);
    await attempts.go({ what: 'drains' }, deps.startDrains);
    const rows = await deps.ledger.overdue({ graceMs: waits.overdueGraceMs, limit: rowsMost });
    const { scheduled = [], submitting = [], unknown = [] } = Object.groupBy(rows, ({ state }) => state);
    alarmLate(deps.log, scheduled);
    const lost = await Promise.all(submitting.map((row) => attempts.go(row, () => putOff(deps, row))));
    for (const ids of [idsOf(unknown), lost.filter((id) => id !== null)])
      await attempts.go({ what: 'inquiries' }, () => follow(deps, { ids, waits }));
    const endpoints = await attempts.go({ what: 'deliveries' }, () => wakeOverdue(deps, waits));
    attempts.check();
    const found = { scheduled: scheduled.length, submitting: submitting.length, unknown: unknown.length };
    return { ...found, endpoints: endpoints ?? 0 };
  });

const idsOf = (rows: Overdue[]): Uuid[] => rows.map(({ transferId }) => transferId);

/** The drain carries them, and was started above if it was gone: why it takes nothing is for a person to find out. */
function alarmLate(log: Pick<Log, 'error'>, scheduled: Overdue[]): void {
  for (const rail of railNames) {
    const late = scheduled.filter((row) => row.rail === rail).length;
    if (late > 0) log.error({ rail, late }, 'ALARM: transfers of a rail are long due, and its drain takes none');
  }
}

/** The ledger decides which it is: put off, or no answer. Answers with its id if it is unknown now. */
async function putOff({ ledger, rails }: RepairOverdueDeps, { transferId, rail }: Overdue): Promise<Uuid | null> {
  if (rail === 'book') return null;
  const nextInMs = railOf(rails, rail).terms.retryMs;
  const { state } = await ledger.conclude({ transferId, source: 'sweep', outcome: 'put_off', nextInMs });
  return state === 'unknown' ? transferId : null;
}

async function wakeOverdue({ overdueEndpoints, waker }: RepairOverdueDeps, waits: Waits): Promise<number> {
  const endpoints = await overdueEndpoints(waits.overdueGraceMs, rowsMost);
  waker.wake(endpoints);
  return endpoints.length;
}

/** One that fails takes nobody else's repair along: it alarms by itself. `check` throws when there was any. */
function createAttempts(log: Pick<Log, 'error'>) {
  let failures = 0;
  return {
    go: async <T>(what: object, work: () => Promise<T>): Promise<T | null> => {
      try {
        return await work();
      } catch (error) {
        failures += 1;
        log.error({ ...what, err: error }, 'ALARM: the watch could not set this going');
        return null;
      }
    },
    check: () => {
      if (failures > 0) throw ApplicationFailure.nonRetryable(`${failures} of what is overdue could not be set going`);
    },
  };
}
