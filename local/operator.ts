import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { keepSecrets, ownerForTools, rolePassword } from './secrets.ts';
import { roleUrl } from './servers/database.ts';
import { readLocalSettings } from './settings.ts';
import { inWords, StartFault } from './start-fault.ts';
import { readState } from './state-file.ts';

/** `npm run verify`: the auditor of ledger/verify, pointed at the copy that runs on this machine unless DATABASE_URL says where. */
try {
  process.exitCode = await verify(process.argv.slice(2));
} catch (error) {
  const sentence = inWords(error);
  if (!sentence) throw error;
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2; // As the auditor itself says: it could not be looked at.
}

function verify(args: readonly string[]): Promise<number> {
  const given = process.env['DATABASE_URL'];
  return given ? audit(given, args) : auditHere(args);
}

/** With the reader's login, and against what the simulator's bank says it took. */
function auditHere(args: readonly string[]): Promise<number> {
  const settings = readLocalSettings();
  const ready = readState(settings.dataFolder);
  if (!ready)
    throw new StartFault(
      'Quittance does not run here: `npm start` it first, or set DATABASE_URL to a login of quittance_reader.',
    );
  const secrets = keepSecrets(settings.dataFolder);
  const owner = ownerForTools(settings);
  const reader = roleUrl(owner, 'quittance_reader', rolePassword(owner, secrets, 'quittance_reader'));
  return audit(reader, args.includes('--truth') ? args : [...args, '--truth', `${ready.simulator}/control/truth`]);
}

function audit(url: string, args: readonly string[]): Promise<number> {
  const program = join(import.meta.dirname, '..', 'ledger', 'verify', 'main.ts');
  const child = spawn(process.execPath, [program, ...args], {
    stdio: 'inherit',
    env: { ...process.env, DATABASE_URL: url },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
