import { createSecretKey, type KeyObject } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { type MasterKey, PayloadKeyFault, PayloadUnreadable } from './data-key.ts';

/** What bounds a call of KMS. A payload waits for one only when its data key is unknown: once an hour for each process. */
const kmsBounds = {
  /** KMS of the same region connects within milliseconds. */
  connectMs: 1_000,
  /** Of one try. It answers within a tenth of a second. */
  tryMs: 2_000,
  /** With short waits between them. Then Temporal repeats the task. */
  triesMax: 3,
  /** All tries together. */
  callMs: 7_000,
};
export type KmsBounds = typeof kmsBounds;

/** A server that speaks as KMS does, and a login there; without it, Amazon's own with the role of the machine. */
export type KmsServer = Pick<KMSClientConfig, 'endpoint' | 'credentials'>;

/** `key`: the ARN of a symmetric key, which names its region. */
export type KmsKey = { key: string; server?: KmsServer; bounds?: KmsBounds };

/** KMS makes and opens data keys of payloads only with it, so a role may be given a right for payloads alone. It stands in CloudTrail. */
const EncryptionContext = { purpose: 'quittance-temporal-payloads' };
/** Of AES-256. */
const keyBytes = 32;

/** A master key that never leaves KMS, which makes and unwraps the data keys. */
export function kmsMasterKey({ key: KeyId, server = {}, bounds = kmsBounds }: KmsKey): MasterKey {
  const client = clientOf(KeyId, { server, bounds });
  const call = async <T>(what: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(AbortSignal.timeout(bounds.callMs));
    } catch (error) {
      throw faultOf(error, `KMS does not ${what} with ${KeyId} (${String(error)})`);
    }
  };
  return {
    id: KeyId,
    newDataKey: () =>
      call('make a data key', async (abortSignal) => {
        const command = new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext });
        const { Plaintext, CiphertextBlob } = await client.send(command, { abortSignal });
        if (CiphertextBlob === undefined) throw new Error('it answered without a wrapped key');
        return { masterKeyId: KeyId, wrapped: CiphertextBlob, key: keyIn(Plaintext) };
      }),
    unwrap: (CiphertextBlob) =>
      call('unwrap a data key', async (abortSignal) => {
        const command = new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext });
        const { Plaintext } = await client.send(command, { abortSignal });
        return keyIn(Plaintext);
      }),
  };
}

/** KMS's words for a wrapped key that was changed, or that is of another key or purpose. */
const changed = ['InvalidCiphertextException', 'IncorrectKeyException'];

function faultOf(cause: unknown, what: string): Error {
  if (cause instanceof Error && changed.includes(cause.name))
    return new PayloadUnreadable(`${what}: the data key on a payload was changed. Who may write to Temporal's store?`);
  const remedy = 'A repetition is safe. Is the key enabled, may this role use it (kms:GenerateDataKey, kms:Decrypt)';
  return new PayloadKeyFault(`${what}. ${remedy}, and is there a way to KMS?`, { cause });
}

function keyIn(bytes: Uint8Array | undefined): KeyObject {
  if (bytes?.length !== keyBytes) throw new Error(`it answered a key of ${bytes?.length ?? 0} bytes, not ${keyBytes}`);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

function clientOf(key: string, { server, bounds }: Required<Pick<KmsKey, 'server' | 'bounds'>>): KMSClient {
  // Few calls an hour, so no connection is kept until the next.
  const agent = { keepAlive: false };
  return new KMSClient({
    ...server,
    region: key.split(':')[3] ?? '',
    maxAttempts: bounds.triesMax,
    requestHandler: {
      connectionTimeout: bounds.connectMs,
      requestTimeout: bounds.tryMs,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    },
  });
}
