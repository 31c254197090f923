import type { Ledger } from '../../ledger/index.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { HousekeepResult } from '../../workflows/contract/steps.ts';

export type HousekeepDeps = {
  ledger: Pick<Ledger, 'makePartitions' | 'forgetDeliveries' | 'forgetOrphans'>;
  alarms: Alarms;
};

const monthsAhead = 3;
/** Long after the last try of a notice, which comes after about three days. */
const deliveryDays = 30;
const deletesAtOnce = 10_000;
/** Calls of bounded deletes in one run; the next day continues. */
const deletesMax = 100;

/**
 * Makes the partitions of the coming months, and deletes old deliveries and the notices of deleted endpoints. Raises an alarm
 * when partitions are missing: without them the ledger stops on the first of a month. Its last try raises one too when it fails,
 * as that of every step.
 */
export const housekeep =
  ({ ledger, alarms }: HousekeepDeps) =>
  async (): Promise<HousekeepResult> => {
    const ahead = await ledger.makePartitions(monthsAhead);
    if (ahead < monthsAhead) alarms.raise('partitions_missing', { monthsAhead: ahead, wanted: monthsAhead });
    await inSlices(() => ledger.forgetOrphans(deletesAtOnce));
    const forgotten = await inSlices(() => ledger.forgetDeliveries(deliveryDays, deletesAtOnce));
    return { monthsAhead: ahead, deliveriesForgotten: forgotten };
  };

/** Repeats a bounded delete until it finds nothing more. Returns how many rows went. */
async function inSlices(deleteSome: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let n = 0; n < deletesMax; n += 1) {
    const deleted = await deleteSome();
    total += deleted;
    if (deleted < deletesAtOnce) break;
  }
  return total;
}
