import type { RemovedRecords } from '../../ledger/archive/remove-records.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { HousekeepResult } from '../../workflows/contract/steps.ts';

export type HousekeepDeps = {
  ledger: Pick<Ledger, 'makePartitions' | 'dropOldDeliveries' | 'forgetOrphans' | Removal>;
  /** How long the log of deliveries is kept. */
  deliveryDays: number;
  alarms: Alarms;
};

type Removal = 'removeArchivedRecords' | 'removePublicationTenants';

const monthsAhead = 3;
/** Rows of one call: a second on a slow machine. */
const deletesAtOnce = 10_000;
/** Calls of bounded deletes in one run; the next day continues. */
const deletesMax = 100;
/**
 * How long a row of a read or of a refused sign-in is kept after it is in the archive, and one of a tenant that was told a checkpoint after all were: long
 * enough to look at what happened this week.
 */
const archivedRecordsDays = 7;
/** Calls of their removal in one run, about five minutes. What a run has removed stays so, and the next one goes on. */
const removalsMax = 1_000;

/**
 * Makes the partitions of the coming months, drops those of old deliveries, deletes the notices of deleted endpoints, and removes rows of reads
 * and refused sign-ins that are in the archive for a week, and of tenants that were told a checkpoint a week ago. Raises an alarm when partitions are missing: without them the ledger stops on the
 * first of a month. Its last try raises one too when it fails, as that of every step.
 */
export const housekeep =
  ({ ledger, alarms, deliveryDays }: HousekeepDeps) =>
  async (): Promise<HousekeepResult> => {
    const ahead = await ledger.makePartitions(monthsAhead);
    if (ahead < monthsAhead) alarms.raise('partitions_missing', { monthsAhead: ahead, wanted: monthsAhead });
    await inSlices(() => ledger.forgetOrphans(deletesAtOnce));
    await toTheEnd((page) => ledger.removeArchivedRecords(page));
    await toTheEnd((page) => ledger.removePublicationTenants(page));
    return { monthsAhead: ahead, monthsDropped: await ledger.dropOldDeliveries(deliveryDays) };
  };

/** Repeats a bounded removal until nothing is left that is old enough, or the next day continues. */
async function toTheEnd(remove: (page: { days: number; rows: number }) => Promise<RemovedRecords>): Promise<void> {
  const page = { days: archivedRecordsDays, rows: deletesAtOnce };
  for (let n = 0; n < removalsMax; n += 1) if (!(await remove(page)).isMore) return;
}

/** Repeats a bounded delete until it finds nothing more, or the next day continues. */
async function inSlices(deleteSome: () => Promise<number>): Promise<void> {
  for (let n = 0; n < deletesMax; n += 1) if ((await deleteSome()) < deletesAtOnce) return;
}
