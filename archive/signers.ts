import { type KmsServer, kmsSigner } from './kms-signer.ts';
import { type Signer, signersFrom } from './signer.ts';

export type { KmsServer } from './kms-signer.ts';

/** Keys that sign an archive: those in a text of PEM, those in KMS by their ARN, or both while keys change. */
export type SigningKeys = { pem: string | null; kms: readonly string[]; name: string };

/** A signer for each key, those of PEM first. `server`: another one than Amazon's. Throws when a text holds no keys, and when KMS does not answer. */
export async function openSigners({ pem, kms, name }: SigningKeys, server: KmsServer = {}): Promise<Signer[]> {
  const own = pem === null ? [] : signersFrom(pem, name);
  return [...own, ...(await Promise.all(kms.map((key) => kmsSigner({ key, name, server }))))];
}
