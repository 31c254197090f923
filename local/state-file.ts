import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from './json-file.ts';
import { isLocked } from './supervise/lock.ts';

const schema = z.object({
  api: z.string(),
  docs: z.string(),
  /** As TEMPORAL_ADDRESS. */
  temporal: z.string(),
  temporalUi: z.string(),
  /** Where operators sign in to read payloads in that UI. */
  codecServer: z.string(),
  simulator: z.string(),
  /** What `POST /control/…` of the simulator asks for. */
  control: z.string(),
  /** The logins to its database, of the owner and of the role that only reads. */
  owner: z.string(),
  reader: z.string(),
  /** As STORAGE_URL. */
  storage: z.string(),
  /** As ARCHIVE_KEY_PATH; null: that of the environment. */
  archiveKey: z.string().nullable(),
  /** As PAYLOAD_KEYS_PATH; null: that of the environment. */
  payloadKeys: z.string().nullable(),
  tenant: z.string(),
  key: z.string(),
  accounts: z.object({ ada: z.string(), grace: z.string(), funding: z.string() }),
  pid: z.number(),
  startedAt: z.string(),
});

/** What a running copy publishes for its user's other programs: links, logins, the sample, and the pid of its `npm start`. */
export type RunningCopy = z.infer<typeof schema>;

/** The lock that a copy holds from its start to its end. */
export const instanceLock = (dataFolder: string): string => join(dataFolder, 'instance.lock');

const stateFile = (dataFolder: string): string => join(dataFolder, 'ready.json');

/** Written when everything answers. */
export const writeState = (dataFolder: string, copy: RunningCopy): void => writeJson(stateFile(dataFolder), copy);

/** Removed at the first sign of stopping, and before a start begins. */
export const removeState = (dataFolder: string): void => rmSync(stateFile(dataFolder), { force: true });

/** The running copy of that data folder, or null: no file, or it is from a copy that was killed. */
export function readState(dataFolder: string): RunningCopy | null {
  const copy = readJson(stateFile(dataFolder), schema);
  return copy && isLocked(instanceLock(dataFolder)) ? copy : null;
}
