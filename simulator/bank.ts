import type { Logger } from 'pino';
import { type Journal, openJournal } from './journal.ts';
import { createWeather, type Weather } from './outage.ts';
import { type Books, createBooks, enter } from './state.ts';

/** All that the routes need: what the bank believes, where it keeps it, and the weather on the rail. */
export type Bank = { books: Books; journal: Journal; weather: Weather; log: Logger; exit: () => void };

/** Opens the bank on its journal: replays it, then is ready. Throws one sentence if the journal cannot be used. */
export async function openBank({ path, log }: { path: string; log: Logger }): Promise<Bank> {
  const books = createBooks();
  const stopped = (cause: unknown): never => {
    // Half a line may be on the disk now; nobody was answered, and the next start cuts it off.
    log.fatal({ journal: path, cause: String(cause) }, 'The journal cannot be written, so the bank stops.');
    process.exit(1);
  };
  const journal = await openJournal(path, (fact) => enter(books, fact), stopped);
  return { books, journal, weather: createWeather(), log, exit: () => process.exit(1) };
}

/** Forgets everything, on disk too: books, keys, clock and weather. */
export async function resetBank(bank: Bank): Promise<void> {
  Object.assign(bank.books, createBooks());
  bank.weather.set({ mode: 'up', latency_ms: 0 });
  await bank.journal.empty();
}
