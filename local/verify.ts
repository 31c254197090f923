import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { roleUrl } from './database.ts';
import { readReady } from './ready.ts';
import { keepSecrets, ownerUrl, rolePassword } from './secrets.ts';
import { readLocalSettings } from './settings.ts';

/**
 * `npm run verify` on a laptop: hands the books' own checker the auditor's login of this copy, and the truth of its
 * simulator when it runs. With DATABASE_URL set it is that login, and nothing is added.
 */
const program = fileURLToPath(new URL('../ledger/verify/main.ts', import.meta.url));
const given = process.argv.slice(2);
const settings = readLocalSettings();
const ready = readReady(settings.dataFolder);

const truth = ready && !given.includes('--truth') ? ['--truth', `${ready.simulator}/control/truth`] : [];
const isGiven = settings.databaseUrl !== undefined && settings.databaseUrl !== null && ready === null;
const env = isGiven ? process.env : { ...process.env, DATABASE_URL: auditorUrl() };

const child = spawn(process.execPath, [program, ...given, ...(isGiven ? [] : truth)], { stdio: 'inherit', env });
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});

/** The login of quittance_reader in this copy's database. */
function auditorUrl(): string {
  const secrets = keepSecrets(settings.dataFolder);
  const owner = ownerUrl(settings, secrets);
  return roleUrl(owner, 'quittance_reader', rolePassword(owner, secrets, 'quittance_reader'));
}
