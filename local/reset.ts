import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { explainStartErrors } from '../config/explain-error.ts';
import { refuseForeign } from './data-folder.ts';
import { waitForInstance } from './instance.ts';
import { postgresDataFolder } from './servers/postgres-binaries.ts';
import { postgresUser } from './servers/postgres-user.ts';
import { readLocalSettings } from './settings.ts';
import { printAs } from './terminal.ts';

/** `npm run reset`: deletes all data of this copy. Fails while it runs. */
explainStartErrors();
const { dataFolder } = readLocalSettings();
if (existsSync(dataFolder)) {
  refuseForeign(dataFolder);
  await waitForInstance(dataFolder, printAs('Reset'), 'keep its data');
  const postgres = postgresDataFolder(dataFolder, postgresUser());
  if (dirname(postgres) !== dataFolder) rmSync(dirname(postgres), { recursive: true, force: true });
  rmSync(dataFolder, { recursive: true, force: true });
  process.stdout.write(`Deleted: ${dataFolder}. The next start begins with no data.\n`);
} else process.stdout.write(`Nothing to delete: ${dataFolder} does not exist.\n`);
