import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { signersFrom } from '../archive/signer.ts';
import { readArchiveKeyName, readEnv } from '../config/env.ts';
import { ExplainedError } from '../config/explain-error.ts';

/** A fresh private key that signs an archive, in PEM. */
export function newArchiveKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return privateKey;
}

/** Writes a fresh key into a new file, and prints what verifiers need of it. `keep`: one that is there is printed, else it is refused. Needs no setting. */
export function makeKey(path: string, { keep }: { keep: boolean }): void {
  const name = readArchiveKeyName();
  const isThere = existsSync(path);
  if (isThere && !keep)
    throw new ExplainedError(`${path} is there already, and no key is ever overwritten: name another file.`);
  if (!isThere) writeFileSync(path, newArchiveKey(), { flag: 'wx', mode: 0o600, flush: true });
  printVerifierKeys(readFileSync(path, 'utf8'), name);
}

/** Prints the verifier keys of those that sign the archive now. */
export function printKeys(): void {
  const { keys, keyName } = readEnv().archive;
  if (keys === null) throw new ExplainedError('Nobody signs the archive: set ARCHIVE_KEY_PATH.');
  printVerifierKeys(keys.reveal(), keyName);
}

function printVerifierKeys(pem: string, name: string): void {
  process.stdout.write(
    signersFrom(pem, name)
      .map(({ verifierKey }) => `${verifierKey}\n`)
      .join(''),
  );
}
