import type { RefusalCode } from '../../domain/refusals.ts';
import type { TransferCause } from '../../domain/transfer.ts';

/**
 * What stands in the tables of the domain before anything does it, each with what will. The documents mark these as later; the
 * rules tests see that nothing does them yet and that everything else is done, so an entry goes when its verb comes.
 */
export const refusalsLater: Partial<Record<RefusalCode, string>> = {
  deadline_passed: 'deadlines of scheduled transfers',
};

export const causesLater: Partial<Record<TransferCause, string>> = {
  cancelled: 'withdrawing a scheduled transfer',
  forced: 'a report that two people enter by hand',
  reversed: 'reversals',
};
