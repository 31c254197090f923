import { join } from 'node:path';
import { execa } from 'execa';
import { readLocalSettings } from './settings.ts';
import { explainStartFault, StartFault } from './start-fault.ts';
import { readState } from './state-file.ts';

/**
 * `npm run operator -- …`, and `npm run verify` for short: the commands of operator/main.ts, pointed at the copy that runs on this
 * machine unless DATABASE_URL names another database. There `verify` has the login of the reader, and compares with what the
 * simulator's bank took.
 */
const args = process.argv.slice(2);
const isHelp = args.length === 0 || args.some((arg) => ['help', '--help', '-h'].includes(arg));
const isVerify = args[0] === 'verify';
const isOfArchive = isVerify && args.some((arg) => /^--archive(=|$)/.test(arg));
const free = ['archive make-key', 'archive export', 'payload-keys make'];
/** A key is made before anything runs that it is for, and an archive is verified wherever it is. */
const isFree = isHelp || free.includes(args.slice(0, 2).join(' ')) || (isOfArchive && !args.includes('--database'));
try {
  const { databaseUrl, dataFolder } = readLocalSettings();
  const copy = databaseUrl === null ? readState(dataFolder) : null;
  if (databaseUrl === null && !copy && !isFree)
    throw new StartFault('Quittance does not run here: `npm start` it first, or set DATABASE_URL.');
  if (copy) process.env['DATABASE_URL'] = isVerify ? copy.reader : copy.owner;
  if (copy) {
    process.env['STORAGE_URL'] ||= copy.storage;
    process.env['ARCHIVE_KEY_PATH'] ||= copy.archiveKey ?? '';
    if (copy.payloadKeys !== null) process.env['PAYLOAD_KEYS_PATH'] ||= copy.payloadKeys;
    process.env['TEMPORAL_ADDRESS'] ||= copy.temporal;
    process.env['TEMPORAL_UI_URL'] ||= copy.temporalUi;
  }
  if (copy && isVerify && !isOfArchive && !args.includes('--truth'))
    args.push('--truth', `${copy.simulator}/control/truth`);
  const program = join(import.meta.dirname, '..', 'operator', 'main.ts');
  const { exitCode } = await execa(process.execPath, [program, ...args], { stdio: 'inherit', reject: false });
  process.exitCode = exitCode ?? 1;
} catch (error) {
  const sentence = explainStartFault(error);
  if (!sentence) throw error;
  process.stderr.write(`${sentence}\n`);
  process.exitCode = isVerify ? 2 : 1; // 2 as `operator verify` has it: it could not be examined.
}
