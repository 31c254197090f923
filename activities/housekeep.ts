import type { Log } from '../config/log.ts';
import type { Ledger } from '../ledger/index.ts';
import { whileBeating } from './beat.ts';

/** Months that have their partitions ahead of this one, and delivery rows that went. */
export type Housekept = { monthsAhead: number; deliveriesForgotten: number };

export type HousekeepDeps = {
  ledger: Pick<Ledger, 'makePartitions' | 'forgetDeliveries'>;
  log: Pick<Log, 'error'>;
};

const monthsAhead = 3;
/** Without next month's partitions the ledger would stop on the first of it. */
const monthsAheadLeast = 1;
const deliveryDays = 30;
const deletesAtOnce = 10_000;
const deletesMost = 100;

/** Makes the partitions of the coming months and forgets old deliveries. Raises an alarm when it could not make them. */
export const housekeep = ({ ledger, log }: HousekeepDeps): Promise<Housekept> =>
  whileBeating(async () => {
    const ahead = await ledger.makePartitions(monthsAhead);
    if (ahead < monthsAheadLeast) log.error({ monthsAhead: ahead }, 'ALARM: next month has no partitions');
    let forgotten = 0;
    for (let n = 0; n < deletesMost; n += 1) {
      const went = await ledger.forgetDeliveries(deliveryDays, deletesAtOnce);
      forgotten += went;
      if (went < deletesAtOnce) break;
    }
    return { monthsAhead: ahead, deliveriesForgotten: forgotten };
  });
