import { ApplicationFailure } from '@temporalio/common';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Overdue } from '../../ledger/transfers/overdue.ts';
import type { Backlog } from '../../ledger/upkeep/backlog.ts';
import { railNames } from '../../rails/index.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { RepairOverdueInput, RepairOverdueResult, UpkeepSteps } from '../../workflows/contract/steps.ts';
import { changedWaits, type Waits, waitsOf } from '../../workflows/contract/waits.ts';
import type { Waker } from '../waker.ts';
import { expireDueHolds } from './expire-holds.ts';

export type RepairOverdueDeps = {
  ledger: Pick<Ledger, 'overdue' | 'conclude' | 'noteRun' | 'raiseUnanswered' | 'expireHolds'>;
  startInquiries: UpkeepSteps['startInquiries'];
  /** Aborted when this process stops: it throws, and another worker repairs. */
  stopping: AbortSignal;
  startDispatchers: () => Promise<void>;
  readBacklog: () => Promise<Backlog>;
  overdueEndpoints: (graceMs: number, limit: number) => Promise<Uuid[]>;
  boundKeptNotices: () => Promise<number>;
  waker: Pick<Waker, 'wake'>;
  alarms: Alarms;
};

/** Rows of one sweep in each state. The next sweep finds the rest, seconds later. */
const rowsMax = 500;

/**
 * Repairs what is overdue: a `submitting` row that was never sent is put off, one that was sent and whose lease is over
 * becomes unknown, an unknown one gets its inquiry, an endpoint's delivery is woken. What is kept
 * for disabled endpoints is bounded. Clients' holds whose time has come expire. A rail whose dispatcher takes nothing
 * raises an alarm. What cannot be repaired raises one too, and the rest continues. Throws at the end if anything failed;
 * it is not run again, because the next sweep is seconds away.
 */
export const repairOverdue =
  (deps: RepairOverdueDeps) =>
  async (input: RepairOverdueInput): Promise<RepairOverdueResult> => {
    const waits = waitsOf(input);
    const attempts = createAttempts(deps);
    await attempts.run({ what: 'dispatchers' }, deps.startDispatchers);
    const rows = await deps.ledger.overdue({ graceMs: waits.overdueGraceMs, limit: rowsMax });
    const { scheduled = [], submitting = [], unknown = [] } = Object.groupBy(rows, ({ state }) => state);
    const lost = await Promise.all(submitting.map((row) => attempts.run(row, () => concludeOverdue(deps, row))));
    for (const ids of [idsOf(unknown), lost.filter((id) => id !== null)])
      await attempts.run({ what: 'inquiries' }, () => deps.startInquiries({ ids, waits: changedWaits(waits) }));
    await attempts.run({ what: 'attention' }, () => deps.ledger.raiseUnanswered(rowsMax));
    await attempts.run({ what: 'backlog' }, () => alarmBacklog(deps));
    const endpoints = await attempts.run({ what: 'deliveries' }, () => wakeOverdue(deps, waits));
    await attempts.run({ what: 'kept notices' }, deps.boundKeptNotices);
    await attempts.run({ what: 'holds' }, () => expireDueHolds(deps, waits));
    const steadyMs = await deps.ledger.noteRun({ name: 'sweep', gapMs: 3 * waits.sweepEveryMs });
    if (steadyMs >= gracesBeforeAlarm * waits.overdueGraceMs) alarmLate(deps.alarms, scheduled);
    attempts.check();
    const found = { scheduled: scheduled.length, submitting: submitting.length, unknown: unknown.length };
    return { ...found, endpoints: endpoints ?? 0 };
  };

/** A row is blamed on its dispatcher when sweeps have looked for this many graces: not at the first look after a pause. */
const gracesBeforeAlarm = 3;

const idsOf = (rows: Overdue[]): Uuid[] => rows.map(({ transferId }) => transferId);

/** The dispatcher should have taken them, and was started above if it was missing: a person has to find out why it takes nothing. */
function alarmLate(alarms: Alarms, scheduled: Overdue[]): void {
  for (const rail of railNames) {
    const late = scheduled.filter((row) => row.rail === rail).length;
    if (late > 0) alarms.raise('dispatcher_takes_none', { rail, late }, rail);
  }
}

/** The ledger decides: put off, or no answer. Returns the id if the transfer is unknown now. */
async function concludeOverdue({ ledger }: RepairOverdueDeps, { transferId, rail }: Overdue): Promise<Uuid | null> {
  if (rail === 'book') return null;
  const { state } = await ledger.conclude({ transferId, source: 'sweep', outcome: 'put_off' });
  return state === 'unknown' ? transferId : null;
}

/** A bank that is down for longer is no hiccup: somebody should know before its customers ask. */
const bankDownMs = 300_000;

/** Three runs of the archive: it stands still, does not keep up, or is held back. */
const unarchivedMs = 900_000;
/** A checkpoint is published in the first minutes of each day of UTC: a day, and two hours of tries. */
const unpublishedMs = 93_600_000;

/** They are kept for a week, and removed each day; two runs may be late. */
const recordsKeptMsMax = 864_000_000;

/** What waits for a person, for a bank that does not answer, and for the archive. */
async function alarmBacklog({ readBacklog, alarms }: RepairOverdueDeps): Promise<void> {
  const { attentions, banks, archive, recordsKeptMs } = await readBacklog();
  for (const { reason, count, transferId } of attentions)
    alarms.raise('attention_waits', { reason, count, oldest: toPublic('transfer', transferId) }, reason);
  for (const { rail, down, oldest, oldestMs } of banks)
    if (oldestMs >= bankDownMs) alarms.raise('banks_down', { rail, down, oldest, downForMs: oldestMs }, rail);
  if (recordsKeptMs >= recordsKeptMsMax) alarms.raise('archived_records_kept', { keptMs: recordsKeptMs });
  if (archive.oldestMs >= unarchivedMs) alarms.raise('archive_behind', { oldestMs: archive.oldestMs });
  if (archive.unpublishedMs >= unpublishedMs)
    alarms.raise('archive_publication_late', { unpublishedMs: archive.unpublishedMs });
}

async function wakeOverdue({ overdueEndpoints, waker }: RepairOverdueDeps, waits: Waits): Promise<number> {
  const endpoints = await overdueEndpoints(waits.overdueGraceMs, rowsMax);
  waker.wake(endpoints);
  return endpoints.length;
}

/** A failed repair does not stop the others: it raises its own alarm. `check` throws when there was any. */
function createAttempts({ alarms, stopping }: Pick<RepairOverdueDeps, 'alarms' | 'stopping'>) {
  let failures = 0;
  return {
    run: async <T>(what: object, work: () => Promise<T>): Promise<T | null> => {
      stopping.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        if (stopping.aborted) throw error;
        failures += 1;
        alarms.raise('sweep_cannot_repair', { ...what, err: error });
        return null;
      }
    },
    check: () => {
      if (failures > 0) throw ApplicationFailure.nonRetryable(`${failures} overdue items could not be repaired`);
    },
  };
}
