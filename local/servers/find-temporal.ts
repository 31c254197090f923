import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import type { Print } from '../start-fault.ts';
import { buildTemporal, builtTemporal } from './build-temporal.ts';
import { cacheFolder, findOnPath } from './find-program.ts';

/** A `temporal` program; `origin` is for people. */
export type TemporalBinary = { path: string; origin: string };

const helpWithinMs = 15_000;
const downloadWithinMs = 10_000;
/** A download in progress ends in `.downloading`, so what matches is complete. */
const downloadedName = /^temporal-cli-.*[0-9]$/;
const downloader = join(import.meta.dirname, 'download-temporal.ts');

/**
 * A `temporal` that can run a dev server: on PATH, else the one built earlier, else the SDK's own download (given ten
 * seconds), else built now by Go. Throws one sentence that lists the ways when none of them works here.
 */
export async function findTemporal(print: Print): Promise<TemporalBinary> {
  const installed = findOnPath('temporal');
  if (installed && hasDevServer(installed)) return { path: installed, origin: 'on PATH' };
  if (existsSync(builtTemporal())) return { path: builtTemporal(), origin: 'built here' };
  const downloaded = await downloadTemporal(print);
  if (downloaded && hasDevServer(downloaded)) return { path: downloaded, origin: 'downloaded' };
  return { path: await buildTemporal(print), origin: 'built here' };
}

function hasDevServer(path: string): boolean {
  const help = ['server', 'start-dev', '--help'];
  return !execaSync(path, help, { timeout: helpWithinMs, reject: false }).failed;
}

/**
 * Has the SDK download its CLI into the cache folder, as its test environment does; null when that did not end in ten
 * seconds (no network, or a network that forbids it). In a process of its own: the SDK's download cannot be cancelled.
 */
async function downloadTemporal(print: Print): Promise<string | null> {
  const folder = join(cacheFolder(), 'temporal-download');
  mkdirSync(folder, { recursive: true });
  const downloaded = () => readdirSync(folder).find((name) => downloadedName.test(name));
  if (!downloaded()) {
    print(`trying the SDK's own download, for ${downloadWithinMs / 1000} s at most`);
    const limits = { timeout: downloadWithinMs, killSignal: 'SIGKILL', stdio: 'ignore', reject: false } as const;
    await execa(process.execPath, [downloader, folder], limits);
    // The rest of an interrupted download would make the next one wait for it.
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.downloading')))
      rmSync(join(folder, name), { force: true });
  }
  const name = downloaded();
  return name ? join(folder, name) : null;
}
