import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import pTimeout from 'p-timeout';
import type { Reader } from '../../drizzle/client.ts';
import { hasReached } from '../../ledger/read/standby.ts';
import type { ClientVersions } from '../http/ledger-token.ts';
import type { StandbyWatch } from './watch.ts';

/** Why a read that may lag was made where it was. */
export type ReadReason = 'recent' | 'not_usable' | 'not_reached' | 'slow' | 'failed';

export type StandbyReaderDeps = {
  primary: Reader;
  /** Within its limits, on connections of its own. */
  standby: Reader;
  watch: StandbyWatch;
  count: (place: 'standby' | 'primary', reason: ReadReason) => void;
  waitMs?: number;
};

/** The longest that a read waits for the standby before the primary is asked, in milliseconds. */
const standbyWaitMs = 500;

/**
 * Reads of one answer that may lag, for a client that knows these versions: from the standby when it has them and is not behind by more
 * than the bound, else from the primary. Whatever goes wrong on the standby is tried once more on the primary, which then
 * answers the rest too: an answer waits in vain once, and no part of it is older than one before.
 */
export function createStandbyReader(deps: StandbyReaderDeps): (versions: ClientVersions) => Reader {
  const { primary, standby, watch, count, waitMs = standbyWaitMs } = deps;
  /** What the standby answered, or why the primary is to be asked. */
  async function attempt<T>(
    tenantId: string,
    query: Query<T>,
    versions: ClientVersions,
  ): Promise<{ rows: T } | ReadReason> {
    const needed = watch.needed();
    if (needed === null) return 'not_usable';
    const reading = standby.read(tenantId, async (db): Promise<{ rows: T } | ReadReason> => {
      // Sent together; the first is answered first, and what the second sees is no older.
      const [isRecent, rows] = await Promise.all([hasReached(db, needed, versions), query(db)]);
      return isRecent ? { rows } : 'not_reached';
    });
    try {
      return await pTimeout(reading, { milliseconds: waitMs, fallback: (): ReadReason => 'slow' });
    } catch (error) {
      // The primary is asked the same, so what is wrong with the query itself is thrown from there.
      if (isLost(error)) watch.isGone();
      return 'failed';
    }
  }
  return (versions) => {
    let whyPrimary: ReadReason | null = null;
    return {
      read: async (tenantId, query) => {
        const found = whyPrimary ?? (await attempt(tenantId, query, versions));
        if (typeof found === 'string') {
          whyPrimary = found;
          count('primary', found);
          return primary.read(tenantId, query);
        }
        count('standby', 'recent');
        return found.rows;
      },
      readAll: (query) => primary.readAll(query),
    };
  };
}

type Query<T> = (db: NodePgDatabase) => Promise<T>;

/** Whether the server or its connection is gone. A conflict with the replay, or a statement that was ended, is about this read alone. */
function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The query builder wraps what the connection threw.
  if (error.cause instanceof Error) return isLost(error.cause);
  const code = 'code' in error ? String(error.code) : '';
  return /^(57P|08)/.test(code) || !/^[0-9A-Z]{5}$/.test(code);
}
