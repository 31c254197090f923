import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Say } from '../start-fault.ts';
import { buildTemporal, builtTemporal } from './build-temporal.ts';
import { downloadTemporal } from './download-temporal.ts';
import { findOnPath } from './find-program.ts';

/** A `temporal` program; `origin` is for people. */
export type TemporalBinary = { path: string; origin: string };

/**
 * A `temporal` that can run a dev server: on PATH, else the one built earlier, else the SDK's own download (given ten
 * seconds), else built now by Go. Throws one sentence that lists the ways when none of them works here.
 */
export async function findTemporal(cacheFolder: string, say: Say): Promise<TemporalBinary> {
  const installed = findOnPath('temporal');
  if (installed && hasDevServer(installed)) return { path: installed, origin: 'on PATH' };
  const built = builtTemporal(cacheFolder);
  if (existsSync(built)) return { path: built, origin: 'built here' };
  const downloaded = await downloadTemporal(cacheFolder, say);
  if (downloaded && hasDevServer(downloaded)) return { path: downloaded, origin: 'downloaded' };
  return { path: await buildTemporal(cacheFolder, say), origin: 'built here' };
}

function hasDevServer(path: string): boolean {
  return spawnSync(path, ['server', 'start-dev', '--help'], { timeout: 15_000 }).status === 0;
}
