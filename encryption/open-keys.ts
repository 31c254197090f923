import { masterKeysIn } from './key-file.ts';
import { type KmsServer, kmsMasterKey } from './kms-key.ts';
import { createPayloadKeys, type KeyBounds, type PayloadKeys } from './payload-keys.ts';

/**
 * The keys of payloads: `keys` in the text of a key file, `kmsKeys` by ARN. `encryptWith`: whose first key encrypts; null: nothing is encrypted, and what is
 * encrypted already can be read by all of them.
 */
export type PayloadKeySettings = {
  keys: { reveal(): string } | null;
  kmsKeys: readonly string[];
  encryptWith: 'file' | 'kms' | null;
};

/**
 * Opens the keys, and makes the first data key now, so that a program that cannot encrypt says so at its start. `server`: another KMS than Amazon's. Throws
 * {@link PayloadKeyFault} when KMS gives none, and an Error when the text holds no keys.
 */
export async function openPayloadKeys(
  { keys, kmsKeys, encryptWith }: PayloadKeySettings,
  { server = {}, bounds }: { server?: KmsServer; bounds?: KeyBounds } = {},
): Promise<PayloadKeys> {
  const inFile = keys === null ? [] : masterKeysIn(keys.reveal());
  const inKms = kmsKeys.map((key) => kmsMasterKey({ key, server }));
  const first = (encryptWith === 'file' && inFile[0]) || (encryptWith === 'kms' && inKms[0]) || null;
  const opened = createPayloadKeys({ first, all: [...inFile, ...inKms] }, bounds);
  if (opened.encrypts) await opened.current();
  return opened;
}
