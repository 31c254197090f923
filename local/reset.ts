import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { refuseForeign } from './data-folder.ts';
import { waitForInstance } from './instance.ts';
import { postgresDataFolder } from './servers/postgres-binaries.ts';
import { postgresUser } from './servers/postgres-user.ts';
import { readLocalSettings } from './settings.ts';
import { inWords } from './start-fault.ts';
import { sayAs } from './terminal.ts';

/** `npm run reset`: deletes everything this copy keeps on this machine. Refuses while it runs. */
async function reset(): Promise<void> {
  const { dataFolder } = readLocalSettings();
  if (!existsSync(dataFolder)) {
    process.stdout.write(`Nothing to delete: ${dataFolder} does not exist.\n`);
    return;
  }
  refuseForeign(dataFolder);
  await waitForInstance(dataFolder, sayAs('Reset'), 'keep its data');
  const postgres = postgresDataFolder(dataFolder, postgresUser());
  if (dirname(postgres) !== dataFolder) rmSync(dirname(postgres), { recursive: true, force: true });
  rmSync(dataFolder, { recursive: true, force: true });
  process.stdout.write(`Deleted: ${dataFolder}. The next start begins anew.\n`);
}

try {
  await reset();
} catch (error) {
  const sentence = inWords(error);
  if (!sentence) throw error;
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
