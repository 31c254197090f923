import type { Uuid } from '../../domain/ids.ts';
import type { FeedReader } from '../../ledger/feed/feeds-with-news.ts';

/** Requests that wait for events, and what wakes them. */
export type FeedNews = {
  /**
   * Waits until there may be something to read (`news`), or the time is over, the client has gone or the process stops (`over`).
   * `full`, at once: too many wait already, of this tenant or together. No database connection is held meanwhile.
   */
  wait(reader: FeedReader, bounds: { ms: number; gone: AbortSignal }): Promise<'news' | 'over' | 'full'>;
  /** Ends every wait. */
  end(): void;
};

const newsLimits = {
  // How often one statement asks for all who wait.
  everyMs: 250,
  // Requests of one tenant that wait at once: a few programs with a few readers each.
  perTenantMax: 20,
  // And all of this process: each costs a connection and a few KiB.
  waitingMax: 500,
};

type Waiting = FeedReader & { wake: (how: 'news' | 'over') => void };

/** `read`: which of the readers have something to read. While it fails, each looks for itself and gets the error. */
export function createFeedNews(
  read: (readers: readonly Waiting[]) => Promise<readonly Waiting[]>,
  limits = newsLimits,
): FeedNews {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | null = null;
  let hasEnded = false;

  const look = async (): Promise<void> => {
    const all = [...waiting];
    const found = all.length === 0 ? [] : await read(all).catch(() => all);
    for (const { wake } of found) wake('news');
    timer = null;
    schedule();
  };
  const schedule = (): void => {
    if (timer === null && waiting.size > 0) timer = setTimeout(() => void look(), limits.everyMs);
  };
  const isFull = (tenantId: Uuid): boolean =>
    waiting.size >= limits.waitingMax ||
    [...waiting].filter((other) => other.tenantId === tenantId).length >= limits.perTenantMax;

  return {
    wait: async (reader, { ms, gone }) => {
      if (hasEnded || gone.aborted) return 'over';
      if (isFull(reader.tenantId)) return 'full';
      return await new Promise((resolve) => {
        const end = setTimeout(() => one.wake('over'), ms);
        const leave = () => one.wake('over');
        const one: Waiting = {
          ...reader,
          wake: (how) => {
            waiting.delete(one);
            clearTimeout(end);
            gone.removeEventListener('abort', leave);
            resolve(how);
          },
        };
        gone.addEventListener('abort', leave);
        waiting.add(one);
        schedule();
      });
    },
    end: () => {
      hasEnded = true;
      for (const { wake } of waiting) wake('over');
      if (timer !== null) clearTimeout(timer);
    },
  };
}
