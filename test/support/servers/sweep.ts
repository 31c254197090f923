import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftovers } from '../../../local/children-record.ts';
import { lives } from '../../../local/process-identity.ts';
import type { Say } from '../../../local/start-fault.ts';
import { holderOf } from '../../../local/supervise/lock.ts';

/** The beginning of the name of every folder of a test run, in the system's folder for temporary files. */
export const testFolderPrefix = 'quittance-test-';

/** A keeper writes its lock right after making its folder; younger folders without one may be just being made. */
const youngMs = 60_000;

/** Ends and deletes what test runs left whose keeper was killed. Other users' and living runs' folders are left alone. */
export async function sweepOldFolders(say: Say): Promise<void> {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(testFolderPrefix));
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    if (!existsSync(folder) || statSync(folder).uid !== process.getuid?.()) continue;
    const keeper = holderOf(join(folder, 'keeper.lock'));
    if (keeper ? lives(keeper) : Date.now() - statSync(folder).mtimeMs < youngMs) continue;
    await endLeftovers(join(folder, 'children.json'), say);
    rmSync(folder, { recursive: true, force: true });
  }
}
