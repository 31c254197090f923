import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Say } from '../start-fault.ts';

const withinMs = 10_000;
const fileName = /^temporal-cli-.*[0-9]$/;
const worker = fileURLToPath(new URL('download-temporal-worker.ts', import.meta.url));

/**
 * Has the Temporal SDK download its CLI into the cache folder, as its test environment does; answers the path, or null
 * when that did not end in ten seconds (no network, or a network that forbids it). Runs in a process of its own, because
 * the SDK's download cannot be called off.
 */
export async function downloadTemporal(cacheFolder: string, say: Say): Promise<string | null> {
  const folder = join(cacheFolder, 'temporal-download');
  mkdirSync(folder, { recursive: true });
  const kept = downloadedIn(folder);
  if (kept) return kept;
  say(`trying the SDK's own download, for ${withinMs / 1000} s at most`);
  await new Promise<void>((done) => {
    const child = spawn(process.execPath, [worker, folder], {
      stdio: 'ignore',
      timeout: withinMs,
      killSignal: 'SIGKILL',
    });
    child.once('error', () => done());
    child.once('close', () => done());
  });
  // What a cut-off download leaves would make the next one wait for it.
  for (const name of readdirSync(folder))
    if (name.endsWith('.downloading')) rmSync(join(folder, name), { force: true });
  return downloadedIn(folder);
}

/** A download in progress ends in `.downloading`, so what matches is whole. */
function downloadedIn(folder: string): string | null {
  const name = existsSync(folder) ? readdirSync(folder).find((file) => fileName.test(file)) : undefined;
  return name ? join(folder, name) : null;
}
