import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataFolderPrivate } from './data-folder.ts';
import { checkPortsFree, type PortUse } from './ports.ts';
import { type LocalSettings, type PortName, portNames } from './settings.ts';
import { type Print, StartFault } from './start-fault.ts';
import { instanceLock, readState, removeState } from './state-file.ts';
import { type Release, waitForLock } from './supervise/lock.ts';

const mebibyte = 1024 * 1024;
const bytesForFirstStart = 400 * mebibyte;
const bytesForLaterStart = 100 * mebibyte;
const lockWithinMs = 120_000;

/**
 * Locks the data folder for this start: fails if a copy runs in it, waits for one that is stopping, and checks
 * for space on the disk and for free ports before anything is started. Throws one sentence.
 */
export async function lockInstance(settings: LocalSettings, print: Print): Promise<Release> {
  const { dataFolder } = settings;
  makeDataFolderPrivate(dataFolder);
  checkSpace(dataFolder);
  const release = await waitForInstance(dataFolder, print, 'set LOCAL_DATA and other ports for a second copy');
  try {
    removeState(dataFolder);
    await checkPortsFree(portsWeUse(settings));
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/**
 * The lock of a data folder, after waiting for a copy that starts or stops there. Throws if one runs:
 * `otherwise` says what can be done besides stopping it.
 */
export async function waitForInstance(dataFolder: string, print: Print, otherwise: string): Promise<Release> {
  let isWaiting = false;
  const release = await waitForLock(instanceLock(dataFolder), lockWithinMs, () => {
    const copy = readState(dataFolder);
    if (copy)
      throw new StartFault(
        `Quittance already runs at ${copy.api} (pid ${copy.pid}): stop it with Ctrl-C there, or ${otherwise}.`,
      );
    if (!isWaiting) print('this copy is just being started or stopped; waiting for that');
    isWaiting = true;
  });
  if (release) return release;
  throw new StartFault(
    `The copy in ${dataFolder} has been starting or stopping for ${lockWithinMs / 1000} s: end it, then try again.`,
  );
}

/** Only servers that we start: one that an address names is not ours. */
function portsWeUse(settings: LocalSettings): PortUse[] {
  const { ports, apiHost, codecServerHost, databaseUrl, redisUrl, temporal, storage } = settings;
  const addresses: Partial<Record<PortName, unknown>> = {
    POSTGRES_PORT: databaseUrl,
    REDIS_PORT: redisUrl,
    TEMPORAL_PORT: temporal,
    TEMPORAL_UI_PORT: temporal,
    STORAGE_PORT: storage.url,
  };
  const own = portNames.filter((name) => !addresses[name]);
  const hostOf = (name: PortName) => listensOn[name] ?? (name.startsWith('CODEC_SERVER_') ? codecServerHost : apiHost);
  return own.map((name) => ({ setting: name, port: ports[name], host: hostOf(name) }));
}

const loopback = '127.0.0.1';
/** The others listen on API_HOST. */
const listensOn: Partial<Record<PortName, string>> = {
  POSTGRES_PORT: loopback,
  REDIS_PORT: loopback,
  TEMPORAL_PORT: loopback,
  TEMPORAL_UI_PORT: loopback,
  STORAGE_PORT: loopback,
  SIMULATOR_PORT: loopback,
};

function checkSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const needed = existsSync(join(folder, 'secrets.json')) ? bytesForLaterStart : bytesForFirstStart;
  if (bavail * bsize >= needed) return;
  throw new StartFault(
    `The disk that holds ${folder} has ${Math.floor((bavail * bsize) / mebibyte)} MB left and ${needed / mebibyte} MB are needed: free some, or set LOCAL_DATA to a folder on another disk.`,
  );
}
