import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { DataKey } from './data-key.ts';
import type { PayloadKeys } from './payload-keys.ts';

const { Payload: Message } = proto.temporal.api.common.v1;

/** What `encoding` is on a payload that is encrypted, as in the SDKs' own samples. */
export const encryptedEncoding = 'binary/encrypted';
const format = '1';
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** A payload cannot be decrypted, and never will be as it is: it was changed, or it is of another program. */
export class PayloadUnreadable extends Error {
  override readonly name = 'PayloadUnreadable';
}

/**
 * Encrypts whole payloads, what they hold and how it is encoded, by AES-256-GCM. `decode` takes what is not encrypted as it is. Throws
 * {@link PayloadUnreadable}, and a `PayloadKeyFault` when a key cannot be had.
 */
export const createPayloadCodec = (keys: PayloadKeys): PayloadCodec => ({
  encode: async (payloads) =>
    keys.encrypts
      ? await Promise.all(payloads.map(async (payload) => encrypt(payload, await keys.current())))
      : payloads,
  decode: async (payloads) => await Promise.all(payloads.map((payload) => decrypted(payload, keys))),
});

function encrypt(payload: Payload, { masterKeyId, wrapped, key }: DataKey): Payload {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(boundTo(masterKeyId, wrapped));
  const text = [cipher.update(Message.encode(payload).finish()), cipher.final()];
  return {
    metadata: {
      encoding: Buffer.from(encryptedEncoding),
      'encryption-format': Buffer.from(format),
      'encryption-key': Buffer.from(masterKeyId),
      'encryption-data-key': wrapped,
    },
    data: Buffer.concat([nonce, ...text, cipher.getAuthTag()]),
  };
}

async function decrypted(payload: Payload, keys: PayloadKeys): Promise<Payload> {
  const { metadata } = payload;
  if (textOf(metadata?.['encoding']) !== encryptedEncoding) return payload;
  const masterKeyId = textOf(metadata?.['encryption-key']);
  const wrapped = metadata?.['encryption-data-key'];
  if (textOf(metadata?.['encryption-format']) !== format || masterKeyId === null || !wrapped)
    throw new PayloadUnreadable(
      `A payload is encrypted in a form that this release does not know (${textOf(metadata?.['encryption-format']) ?? 'without a number'}): run the release that wrote it.`,
    );
  return decrypt(payload.data ?? new Uint8Array(), {
    masterKeyId,
    wrapped,
    key: await keys.find({ masterKeyId, wrapped }),
  });
}

function decrypt(data: Uint8Array, { masterKeyId, wrapped, key }: DataKey): Payload {
  try {
    const nonce = data.subarray(0, nonceBytes);
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(boundTo(masterKeyId, wrapped));
    decipher.setAuthTag(data.subarray(-tagBytes));
    const text = decipher.update(data.subarray(nonceBytes, -tagBytes));
    decipher.final();
    return Message.decode(text);
  } catch (cause) {
    throw new PayloadUnreadable(
      `A payload that the key ${masterKeyId} encrypted was changed after that, and cannot be read: look in Temporal's store for who wrote it. The workflow waits, and nothing of it is lost in the ledger.`,
      { cause },
    );
  }
}

/**
 * What a payload is bound to besides its own bytes. Not to its workflow: a codec server is not told of one, and a payload moves from a schedule into a run, from
 * a run into its next one, and from a caller into a child.
 */
const boundTo = (masterKeyId: string, wrapped: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`quittance payload ${format}\0${masterKeyId}\0`), wrapped]);

const textOf = (bytes: Uint8Array | null | undefined): string | null =>
  bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString() : null;
