import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { readEnv } from '../config/env.ts';
import { ExplainedError } from '../config/explain-error.ts';
import { masterKeysIn, newPayloadKey } from '../encryption/key-file.ts';

/** `operator payload-keys …` */
export function payloadKeysCommand(): Command {
  const command = new Command('payload-keys').description('the keys that encrypt what Temporal stores');
  command
    .command('make')
    .description('make a file with a key, and print the id that stands on what it encrypts')
    .requiredOption('--out <file>', 'a new file, which only its owner may read')
    .option('--keep', 'where that file is there already: leave it as it is, and print its ids')
    .action(({ out, keep = false }: { out: string; keep?: boolean }) => makeKey(out, { keep }));
  command
    .command('list')
    .description('print the ids of the keys of PAYLOAD_KEYS_PATH and PAYLOAD_KMS_KEYS, and which one encrypts')
    .action(printKeys);
  return command;
}

/** Writes a fresh key into a new file, and prints its id. `keep`: one that is there is printed, else it is refused. Needs no setting. */
function makeKey(path: string, { keep }: { keep: boolean }): void {
  const isThere = existsSync(path);
  if (isThere && !keep)
    throw new ExplainedError(`${path} is there already, and no key is ever overwritten: name another file.`);
  if (!isThere) writeFileSync(path, newPayloadKey(), { flag: 'wx', mode: 0o600, flush: true });
  for (const { id } of masterKeysIn(readFileSync(path, 'utf8'))) process.stdout.write(`${id}\n`);
}

function printKeys(): void {
  const { keys, kmsKeys, encryptWith } = readEnv().encryption;
  const inFile = keys === null ? [] : masterKeysIn(keys.reveal()).map(({ id }) => id);
  const first = encryptWith === null ? undefined : { kms: kmsKeys, file: inFile }[encryptWith][0];
  for (const id of [...inFile, ...kmsKeys])
    process.stdout.write(`${id} ${id === first ? 'encrypts and decrypts' : 'decrypts'}\n`);
  if (first === undefined) process.stdout.write('Nothing is encrypted.\n');
}
