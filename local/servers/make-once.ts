import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartFault } from '../start-fault.ts';
import { waitForLock } from '../supervise/lock.ts';

const withinMs = 30 * 60_000;

/**
 * Makes a file or folder that is made once per machine: as `path.draft`, which then gets its name. Waits for a
 * process that is making it already (`onWait`, once); removes what a killed one left unfinished. Throws what `make` throws.
 */
export async function makeOnce(
  path: string,
  make: (draft: string) => Promise<unknown>,
  onWait: () => void = () => {},
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.draft`;
  let isWaiting = false;
  const release = await waitForLock(`${path}.lock`, withinMs, () => {
    if (!isWaiting) onWait();
    isWaiting = true;
  });
  if (!release)
    throw new StartFault(
      `${path} is being made by another process for ${withinMs / 60_000} minutes: end it and start again.`,
    );
  try {
    rmSync(draft, { recursive: true, force: true });
    if (existsSync(path)) return;
    await make(draft);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    release();
  }
}
