import type { RaisePayloadAlarm } from './data-key.ts';
import { masterKeysIn } from './key-file.ts';
import { type KmsBounds, type KmsServer, kmsMasterKey } from './kms-key.ts';
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

/** `server`: another KMS than Amazon's. `raise` gets the alarms. */
export type Opening = { server?: KmsServer; bounds?: KeyBounds; kmsBounds?: KmsBounds; raise?: RaisePayloadAlarm };

/**
 * Opens the keys, and makes the first data key now, so that a program that cannot encrypt says so at its start. Throws {@link PayloadKeyFault} when KMS gives
 * none, and an Error when the text holds no keys.
 */
export async function openPayloadKeys(
  { keys, kmsKeys, encryptWith }: PayloadKeySettings,
  { server = {}, kmsBounds, ...opening }: Opening = {},
): Promise<PayloadKeys> {
  const inFile = keys === null ? [] : masterKeysIn(keys.reveal());
  const inKms = kmsKeys.map((key) => kmsMasterKey({ key, server, ...(kmsBounds && { bounds: kmsBounds }) }));
  const first = encryptWith === null ? undefined : (encryptWith === 'kms' ? inKms : inFile)[0];
  const opened = createPayloadKeys({ first: first ?? null, all: [...inFile, ...inKms], ...opening });
  if (opened.encrypts) await opened.dataKey();
  return opened;
}
