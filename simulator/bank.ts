import type { Logger } from 'pino';
import { type Journal, openJournal } from './journal.ts';
import { createOutage, type Outage } from './outage.ts';
import { apply, type BankState, createState } from './state.ts';

/** What the routes need: what the bank believes, where it keeps it, and whether the rail is up. */
export type Bank = { state: BankState; journal: Journal; outage: Outage; log: Logger; exit: () => void };

/** Opens the bank on its journal: replays it, then is ready. Throws one sentence if the journal cannot be used. */
export async function openBank({ path, log }: { path: string; log: Logger }): Promise<Bank> {
  const state = createState();
  const stopped = (cause: unknown): never => {
    // Half a line may be on the disk now; no answer was sent, and the next start cuts it off.
    log.fatal({ journal: path, cause: String(cause) }, 'The journal cannot be written, so the bank stops.');
    process.exit(1);
  };
  const journal = await openJournal(path, (event) => apply(state, event), stopped);
  return { state, journal, outage: createOutage(), log, exit: () => process.exit(1) };
}

/** Forgets everything, on disk too: instructions, keys, clock and outage. */
export async function resetBank(bank: Bank): Promise<void> {
  Object.assign(bank.state, createState());
  bank.outage.set({ mode: 'up', latency_ms: 0 });
  await bank.journal.empty();
}
