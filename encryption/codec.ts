import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { type DataKey, PayloadUnreadable } from './data-key.ts';
import type { PayloadKeys } from './payload-keys.ts';

const { Payload: Message } = proto.temporal.api.common.v1;

/** What `encoding` is on a payload that is encrypted, as in the samples of Temporal's SDKs. */
const encryptedEncoding = 'binary/encrypted';
/** Of the form below: metadata as in `encrypt`, and as data a nonce, the encrypted payload and its tag. */
const format = '1';
const algorithm = 'aes-256-gcm';
/** Of GCM: any other length is hashed to it. */
const nonceBytes = 12;
/** The whole tag of GCM. */
const tagBytes = 16;

/**
 * Encrypts whole payloads by AES-256-GCM: what they hold, and how that is encoded. `decode` takes what is not encrypted as it is. Throws
 * {@link PayloadUnreadable}, and a `PayloadKeyFault` when a key cannot be had now; both raise their alarm.
 */
export const createPayloadCodec = (keys: PayloadKeys): PayloadCodec => ({
  encode: async (payloads) =>
    keys.encrypts
      ? await Promise.all(payloads.map(async (payload) => encrypt(payload, await keys.dataKey())))
      : payloads,
  decode: async (payloads) => {
    try {
      return await Promise.all(payloads.map((payload) => decrypted(payload, keys)));
    } catch (error) {
      if (error instanceof PayloadUnreadable) keys.raise('payload_unreadable', { reason: error.message });
      throw error;
    }
  },
});

function encrypt(payload: Payload, { masterKeyId, wrapped, key }: DataKey): Payload {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(boundTo(masterKeyId, wrapped));
  const parts = [cipher.update(Message.encode(payload).finish()), cipher.final()];
  return {
    metadata: {
      encoding: Buffer.from(encryptedEncoding),
      'encryption-format': Buffer.from(format),
      'encryption-key': Buffer.from(masterKeyId),
      'encryption-data-key': wrapped,
    },
    data: Buffer.concat([nonce, ...parts, cipher.getAuthTag()]),
  };
}

async function decrypted(payload: Payload, keys: PayloadKeys): Promise<Payload> {
  const { metadata, data } = payload;
  if (textOf(metadata?.['encoding']) !== encryptedEncoding) return payload;
  const [form, masterKeyId] = [textOf(metadata?.['encryption-format']), textOf(metadata?.['encryption-key'])];
  const wrapped = metadata?.['encryption-data-key'];
  if (form !== format || masterKeyId === null || !wrapped || !data) throw new PayloadUnreadable(unknownForm(form));
  return decrypt(data, { masterKeyId, wrapped, key: await keys.find({ masterKeyId, wrapped }) });
}

function decrypt(data: Uint8Array, { masterKeyId, wrapped, key }: DataKey): Payload {
  try {
    const decipher = createDecipheriv(algorithm, key, data.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(boundTo(masterKeyId, wrapped));
    decipher.setAuthTag(data.subarray(-tagBytes));
    const text = decipher.update(data.subarray(nonceBytes, -tagBytes));
    decipher.final();
    return Message.decode(text);
  } catch (cause) {
    throw new PayloadUnreadable(changed(masterKeyId), { cause });
  }
}

/**
 * What a payload is bound to besides its own bytes. Not to a workflow: a codec server is not told of one, and a payload goes from a schedule into a
 * run, from a run into its next one, and from a caller into a child.
 */
const boundTo = (masterKeyId: string, wrapped: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`quittance payload ${format}\0${masterKeyId}\0`), wrapped]);

const textOf = (bytes: Uint8Array | null | undefined): string | null =>
  bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString() : null;

const unknownForm = (form: string | null): string =>
  `A payload is encrypted in a form that this release does not know (${form ?? 'none'}): a later release or another program wrote it. Run the release that wrote it.`;

const changed = (masterKeyId: string): string =>
  `A payload that was encrypted with the key ${masterKeyId} was changed afterwards, and cannot be read. Find out who may write to Temporal's store. Its workflow waits, and the rows of the ledger are whole: docs/how-to/encrypt-payloads.md says how work goes on.`;
