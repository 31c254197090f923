import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type ChildrenRecord, endLeftovers, openChildrenRecord } from './children-record.ts';
import { makeDataFolderPrivate } from './data-folder.ts';
import { checkPortsFree, type PortUse } from './ports.ts';
import type { LocalSettings } from './settings.ts';
import { StartFault } from './start-fault.ts';
import { launcherLock, readReady, removeReady } from './state-file.ts';
import { takeLock } from './supervise/lock.ts';
import { sayAs } from './terminal.ts';

/** The data folder, ours alone until `leave`. */
export type Place = { folder: string; logFolder: string; record: ChildrenRecord; leave: () => void };

const bytesForFirstStart = 400 * 1024 * 1024;
const bytesForLaterStart = 100 * 1024 * 1024;

/**
 * Takes the data folder for this launcher: refuses beside another one, ends what a killed one left, and looks for room on
 * the disk and for free ports before anything is started. Throws one sentence.
 */
export async function takePlace(settings: LocalSettings): Promise<Place> {
  const folder = settings.dataFolder;
  makeDataFolderPrivate(folder);
  checkRoom(folder);
  const lock = takeLock(launcherLock(folder));
  if (!lock.taken) throw new StartFault(alreadyRuns(folder, lock.holder.pid));
  try {
    removeReady(folder);
    await endLeftovers(join(folder, 'children.json'), sayAs('Cleaning'));
    await checkPortsFree(portsWeUse(settings));
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    folder,
    logFolder: join(folder, 'logs'),
    record: openChildrenRecord(join(folder, 'children.json')),
    leave: lock.release,
  };
}

/** Only what we start ourselves: a server that an address names is somebody else's. */
function portsWeUse({ ports, ...settings }: LocalSettings): PortUse[] {
  const uses: PortUse[] = [
    { name: 'the API', setting: 'API_PORT', port: ports.API_PORT },
    { name: "the API's metrics", setting: 'API_METRICS_PORT', port: ports.API_METRICS_PORT },
    { name: "the worker's health and metrics", setting: 'WORKER_METRICS_PORT', port: ports.WORKER_METRICS_PORT },
    { name: 'the bank simulator', setting: 'SIMULATOR_PORT', port: ports.SIMULATOR_PORT },
  ];
  if (!settings.databaseUrl) uses.push({ name: 'Postgres', setting: 'POSTGRES_PORT', port: ports.POSTGRES_PORT });
  if (!settings.redisUrl) uses.push({ name: 'Redis', setting: 'REDIS_PORT', port: ports.REDIS_PORT });
  if (!settings.temporalAddress) {
    uses.push({ name: 'Temporal', setting: 'TEMPORAL_PORT', port: ports.TEMPORAL_PORT });
    uses.push({ name: "Temporal's web UI", setting: 'TEMPORAL_UI_PORT', port: ports.TEMPORAL_UI_PORT });
  }
  return uses;
}

function checkRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const needed = existsSync(join(folder, 'secrets.json')) ? bytesForLaterStart : bytesForFirstStart;
  if (bavail * bsize >= needed) return;
  throw new StartFault(
    `The disk that holds ${folder} has ${megabytes(bavail * bsize)} MB left and ${megabytes(needed)} MB are needed: make room, or set LOCAL_DATA to a folder on another disk.`,
  );
}

function alreadyRuns(folder: string, pid: number): string {
  const ready = readReady(folder);
  const where = ready ? ` at ${ready.api}` : '';
  return `Quittance already runs${where} (pid ${pid}): stop it with Ctrl-C there, or set LOCAL_DATA and other ports for a second copy.`;
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024);
}
