import type { Log } from '../config/log.ts';
import type { Operator } from './judge-key.ts';

/** Who decoded how many payloads, and when. Never what was in them. */
export type Audit = {
  note: (operator: Operator, decoded: { payloads: number; unreadable: number }) => void;
  /** Writes what was counted since the last time. */
  writeAll: () => void;
  end: () => void;
};

/** As much as a process that is killed takes along; the sign-in itself is a line at once. */
const writeEveryMs = 10_000;

type Counted = { keyName: string; requests: number; payloads: number; unreadable: number; from: Date };

/**
 * The audit trail: a line of the log for each key and ten seconds in which it decoded anything. A page of Temporal's UI is hundreds of requests, and a
 * line for each would hide the others. There are no more keys than sessions.
 */
export function createAudit(log: Pick<Log, 'info'>): Audit {
  let counts = new Map<string, Counted>();
  const writeAll = (): void => {
    const written = counts;
    counts = new Map();
    for (const [key, { from, ...counted }] of written)
      log.info({ audit: 'decoded', key, ...counted, from: from.toISOString() }, 'payloads were decoded');
  };
  const timer = setInterval(writeAll, writeEveryMs);
  timer.unref();
  return {
    note: ({ keyId, keyName }, { payloads, unreadable }) => {
      const counted = counts.get(keyId) ?? { keyName, requests: 0, payloads: 0, unreadable: 0, from: new Date() };
      counted.requests += 1;
      counted.payloads += payloads;
      counted.unreadable += unreadable;
      counts.set(keyId, counted);
    },
    writeAll,
    end: () => {
      clearInterval(timer);
      writeAll();
    },
  };
}
