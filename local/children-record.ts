import { rmSync } from 'node:fs';
import { z } from 'zod';
import { readJson, writeAtomically } from './json-file.ts';
import { end, lives, type ProcessIdentity } from './process-identity.ts';
import type { Say } from './start-fault.ts';

/** One process that the launcher started and has not seen end. */
export type ChildEntry = ProcessIdentity & { name: string; stopSignal: 'SIGTERM' | 'SIGINT' };

/** The list on disk of what must be ended if the launcher dies without a word. */
export type ChildrenRecord = { add: (entry: ChildEntry) => void; remove: (pid: number) => void };

const entries = z.array(
  z.object({ pid: z.number(), startTime: z.string(), name: z.string(), stopSignal: z.enum(['SIGTERM', 'SIGINT']) }),
);
const leftoverWithinMs = 10_000;

/** A record that is rewritten at every start and end of a child. An empty record is no file. */
export function openChildrenRecord(path: string): ChildrenRecord {
  const living = new Map<number, ChildEntry>();
  const write = () => {
    try {
      if (living.size === 0) rmSync(path, { force: true });
      else writeAtomically(path, `${JSON.stringify([...living.values()], null, 2)}\n`);
    } catch {
      // A full disk must not end the supervisor: the children it would leave alone matter more than their list.
    }
  };
  return {
    add: (entry) => {
      living.set(entry.pid, entry);
      write();
    },
    remove: (pid) => {
      living.delete(pid);
      write();
    },
  };
}

/** Ends what an earlier launcher left running, latest first, by pid and start time. Answers how many there were. */
export async function endLeftovers(path: string, say: Say): Promise<number> {
  const read = entries.safeParse(readJson(path));
  const left = read.success ? read.data.toReversed().filter(lives) : [];
  for (const entry of left) {
    say(`ending ${entry.name} (pid ${entry.pid}), left over from a launcher that was killed`);
    await end(entry, entry.stopSignal, leftoverWithinMs);
  }
  rmSync(path, { force: true });
  return left.length;
}
