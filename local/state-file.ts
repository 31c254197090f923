import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeAtomically } from './json-file.ts';
import { lives } from './process-identity.ts';
import { holderOf } from './supervise/lock.ts';

const schema = z.object({
  api: z.string(),
  docs: z.string(),
  temporalUi: z.string(),
  simulator: z.string(),
  tenant: z.string(),
  key: z.string(),
  accounts: z.object({ ada: z.string(), grace: z.string(), funding: z.string() }),
  pid: z.number(),
  startedAt: z.string(),
});

/** What a running copy tells programs: its links, the sample key and accounts, and the launcher that answers for it. */
export type Ready = z.infer<typeof schema>;

/** Where a copy with that data folder keeps its launcher's lock. */
export const launcherLock = (dataFolder: string): string => join(dataFolder, 'launcher.lock');

/** Written when everything answers. */
export function writeReady(dataFolder: string, ready: Ready): void {
  writeAtomically(readyFile(dataFolder), `${JSON.stringify(ready, null, 2)}\n`);
}

/** Removed at the first sign of stopping, and before a start begins. */
export function removeReady(dataFolder: string): void {
  rmSync(readyFile(dataFolder), { force: true });
}

/** The running copy of that data folder, or null: no file, or its launcher is gone (its pid alone would prove nothing). */
export function readReady(dataFolder: string): Ready | null {
  const ready = schema.safeParse(readJson(readyFile(dataFolder)));
  const launcher = holderOf(launcherLock(dataFolder));
  if (!ready.success || launcher?.pid !== ready.data.pid || !lives(launcher)) return null;
  return ready.data;
}

const readyFile = (dataFolder: string): string => join(dataFolder, 'ready.json');
