import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { keepSecrets, ownerForTools, rolePassword } from './secrets.ts';
import { roleUrl } from './servers/database.ts';
import { readLocalSettings } from './settings.ts';
import { explainStartFault, StartFault } from './start-fault.ts';
import { readState } from './state-file.ts';

/**
 * `npm run operator -- …`, and `npm run verify` for short: the commands of operator/main.ts, pointed at the copy that runs on this
 * machine unless DATABASE_URL names another database.
 */
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const sentence = explainStartFault(error);
  if (!sentence) throw error;
  process.stderr.write(`${sentence}\n`);
  process.exitCode = process.argv[2] === 'verify' ? 2 : 1; // 2 as `operator verify` has it: it could not be examined.
}

function run(args: readonly string[]): Promise<number> {
  if (process.env['DATABASE_URL'] || isHelp(args)) return operate(process.env['DATABASE_URL'], args);
  return args[0] === 'verify' ? verifyHere(args) : operate(ownerForTools(readLocalSettings()), args);
}

function isHelp(args: readonly string[]): boolean {
  return args.length === 0 || args.some((arg) => arg === 'help' || arg === '--help' || arg === '-h');
}

/** With the reader's login, and compared with what the simulator's bank took. */
function verifyHere(args: readonly string[]): Promise<number> {
  const settings = readLocalSettings();
  const ready = readState(settings.dataFolder);
  if (!ready)
    throw new StartFault(
      'Quittance does not run here: `npm start` it first, or set DATABASE_URL to a login of quittance_reader.',
    );
  const secrets = keepSecrets(settings.dataFolder);
  const owner = ownerForTools(settings);
  const reader = roleUrl(owner, 'quittance_reader', rolePassword(owner, secrets, 'quittance_reader'));
  return operate(reader, args.includes('--truth') ? args : [...args, '--truth', `${ready.simulator}/control/truth`]);
}

function operate(url: string | undefined, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'operator', 'main.ts'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...(url !== undefined && { DATABASE_URL: url }) },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
