import type { Blocked } from './blocked.ts';
import type { LockHolders } from './holders.ts';

/** How commands are found that wait for a row which another transaction has locked. */
export type LockWatch<C> = {
  holders: LockHolders;
  /** Those of the commands that would wait, by their ids. Waits for no lock itself. */
  blocked: (commands: C[]) => Promise<Blocked>;
  idOf: (command: C) => string;
};

/** A command that waits for a lock, and for how long the holder of that lock is known, in milliseconds. */
export type BlockedCommand<T> = { item: T; knownMs: number };

/**
 * Parts the items of a batch into those to be sent and those that would wait for a lock which lasts. A lock lasts when a
 * call timed out on its holder; every other one is a matter of milliseconds, and waiting for it is right. `afterTimeout`:
 * a call with these items has just timed out, so that each holder of a lock now is such a holder. When the database does not
 * say, all are to be sent.
 */
export async function partBlocked<T extends { command: C }, C>(
  items: T[],
  { holders, blocked, idOf }: LockWatch<C>,
  { afterTimeout }: { afterTimeout: boolean },
): Promise<{ free: T[]; waiting: BlockedCommand<T>[] }> {
  const found: Blocked = await blocked(items.map(({ command }) => command)).catch(() => new Map());
  const free: T[] = [];
  const waiting: BlockedCommand<T>[] = [];
  for (const item of items) {
    const holder = found.get(idOf(item.command));
    const isLasting = holder !== undefined && (afterTimeout || holders.ageOf(holder) !== null);
    if (isLasting) holders.note(holder);
    if (isLasting) waiting.push({ item, knownMs: holders.ageOf(holder) ?? 0 });
    else free.push(item);
  }
  return { free, waiting };
}
