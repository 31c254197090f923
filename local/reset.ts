import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { endLeftovers } from './children-record.ts';
import { refuseForeign } from './data-folder.ts';
import { postgresDataFolder } from './servers/postgres-binaries.ts';
import { postgresRunsAs } from './servers/postgres-user.ts';
import { readLocalSettings } from './settings.ts';
import { inWords, StartFault } from './start-fault.ts';
import { launcherLock } from './state-file.ts';
import { takeLock } from './supervise/lock.ts';
import { sayAs } from './terminal.ts';

/** `npm run reset`: forgets everything this copy keeps on this machine. Refuses while it runs. */
async function reset(): Promise<void> {
  const { dataFolder } = readLocalSettings();
  if (!existsSync(dataFolder)) {
    process.stdout.write(`Nothing to forget: ${dataFolder} does not exist.\n`);
    return;
  }
  refuseForeign(dataFolder);
  const lock = takeLock(launcherLock(dataFolder));
  if (!lock.taken)
    throw new StartFault(`Quittance is running (pid ${lock.holder.pid}): stop it with Ctrl-C, then reset.`);
  await endLeftovers(join(dataFolder, 'children.json'), sayAs('Cleaning'));
  const postgres = postgresDataFolder(dataFolder, postgresRunsAs());
  if (dirname(postgres) !== dataFolder) rmSync(dirname(postgres), { recursive: true, force: true });
  rmSync(dataFolder, { recursive: true, force: true });
  process.stdout.write(`Forgotten: ${dataFolder}. The next start begins anew.\n`);
}

try {
  await reset();
} catch (error) {
  const sentence = inWords(error);
  if (!sentence) throw error;
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
