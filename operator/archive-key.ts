import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Signer, signersFrom } from '../archive/signer.ts';
import { type KmsServer, openSigners } from '../archive/signers.ts';
import { type Env, readArchiveKeyName, readEnv } from '../config/env.ts';
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
  printVerifierKeys(signersFrom(readFileSync(path, 'utf8'), name));
}

/** Prints the verifier keys of those that sign the archive now. */
export async function printKeys(): Promise<void> {
  printVerifierKeys(await signersOf(readEnv().archive));
}

/** Who signs the archive now. `kms`: another server than Amazon's. Throws an explained error where nobody does. */
export async function signersOf(
  { keys, kmsKeys, keyName }: Pick<Env['archive'], 'keys' | 'kmsKeys' | 'keyName'>,
  kms?: KmsServer,
): Promise<Signer[]> {
  if (keys === null && kmsKeys.length === 0)
    throw new ExplainedError('Nobody signs the archive: set ARCHIVE_KEY_PATH or ARCHIVE_KMS_KEY.');
  return await openSigners({ pem: keys?.reveal() ?? null, kms: kmsKeys, name: keyName }, kms);
}

function printVerifierKeys(signers: readonly Signer[]): void {
  process.stdout.write(signers.map(({ verifierKey }) => `${verifierKey}\n`).join(''));
}
