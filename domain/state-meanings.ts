import type { TransferState } from './transfer.ts';

/** What each state means and what became of the money. One line per state: the compiler asks for a new one. */
export const stateMeanings: Record<TransferState, [meaning: string, funds: string]> = {
  declined: ['The ledger refused. Final: the same key always gets the same answer.', 'none'],
  scheduled: ['Waits, as a row, for a date, or for a rail that is down or paused.', 'held'],
  submitting: ['An attempt may be in flight.', 'held'],
  unknown: ['Bytes went to the rail and no decisive answer came. Inquiries go on until there is proof.', 'held'],
  completed: ['Final; the funds are available.', 'posted'],
  rejected: ['The rail refused.', 'released'],
  failed: ['Impossible, and proven never taken.', 'released'],
  cancelled: ['Withdrawn in time.', 'released'],
  reversed: ['Undone by a linked transfer.', 'given back'],
};
