import type { Uuid } from '../../domain/ids.ts';
import { keysNotedMax } from '../../ledger/access/note-api-keys-used.ts';

/** Notes when keys were used, late and to a minute: `last_used_at` is for finding keys that nobody needs, not for evidence. */
export type KeyUse = {
  note(keyId: Uuid): void;
  /** Writes what was noted. Once at a time; harmless to call when nothing was. */
  write(): Promise<void>;
  end(): void;
};

/** How often it is written: in between a key costs one place in a set. */
const writeEveryMs = 30_000;
/** Keys that one process notes between two writes. More are left out: they are noted the next time. */
const keysMax = 10_000;

type KeyUseDeps = {
  /** The ledger's verb, which takes {@link keysNotedMax} at a time and leaves out what was written in the last minute. */
  write: (ids: readonly Uuid[]) => Promise<number>;
  onError: (error: unknown) => void;
};

/** Opens the notes of a process. They are lost with it, and what cannot be written is dropped: no request waits for them. */
export function createKeyUse({ write, onError }: KeyUseDeps): KeyUse {
  let used = new Set<Uuid>();
  let writing: Promise<void> | null = null;
  const writeAll = async (): Promise<void> => {
    const ids = [...used];
    used = new Set();
    try {
      for (let at = 0; at < ids.length; at += keysNotedMax) await write(ids.slice(at, at + keysNotedMax));
    } catch (error) {
      // An absent database is everybody's alarm already; this figure is not worth another.
      onError(error);
    } finally {
      writing = null;
    }
  };
  const begin = () => (writing ??= writeAll());
  const timer = setInterval(() => void begin(), writeEveryMs);
  timer.unref();
  return {
    note: (keyId) => {
      if (used.size < keysMax) used.add(keyId);
    },
    write: begin,
    end: () => clearInterval(timer),
  };
}
