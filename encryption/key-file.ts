import { createHash, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { type MasterKey, PayloadUnreadable } from './data-key.ts';

/** While keys change there are two; a key stays beside them as long as Temporal keeps what it encrypted. */
const keysMax = 4;
/** 256 bits in base64, as `openssl rand -base64 32` prints them. */
const keyForm = /^[A-Za-z0-9+/]{43}=$/;
/** Of AES-256, as what is derived from it. */
const keyBytes = 32;
/** As long as the key, so that no two processes ever make the same data key. */
const saltBytes = 32;

/** A fresh key, as a line of a key file. */
export const newPayloadKey = (): string => `${randomBytes(keyBytes).toString('base64')}\n`;

/**
 * The master keys in the text of a key file, a line each, in their order. A data key is derived from one by HKDF and a random salt, because nonces are random too,
 * and one key for years of payloads would come to have a nonce twice. Throws an Error that says what is wrong with the text, never what is in it.
 */
export function masterKeysIn(text: string): MasterKey[] {
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '');
  const isRight = keys.length > 0 && keys.length <= keysMax && keys.every((line) => keyForm.test(line));
  if (!isRight || new Set(keys).size < keys.length)
    throw new Error(`1 to ${keysMax} different keys are needed, each on its line: 32 random bytes in base64`);
  return keys.map((line) => masterKey(Buffer.from(line, 'base64')));
}

function masterKey(secret: Buffer): MasterKey {
  // Of the key itself, so that no two machines call different keys by one name.
  const id = `pk_${createHash('sha256').update('quittance payload key id').update(secret).digest('hex').slice(0, 12)}`;
  const derive = (salt: Uint8Array): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', secret, salt, 'quittance payload data key 1', keyBytes)));
  return {
    id,
    newDataKey: () => {
      const wrapped = randomBytes(saltBytes);
      return Promise.resolve({ masterKeyId: id, wrapped, key: derive(wrapped) });
    },
    unwrap: (wrapped) =>
      wrapped.length === saltBytes
        ? Promise.resolve(derive(wrapped))
        : Promise.reject(
            new PayloadUnreadable(
              `The data key on a payload of the key ${id} was changed: it has ${wrapped.length} bytes.`,
            ),
          ),
  };
}
