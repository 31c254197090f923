import { createSecretKey, type KeyObject } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { type MasterKey, PayloadKeyFault } from './data-key.ts';

/** What bounds a call of KMS. A payload waits for one only when its data key is unknown, once in an hour. */
const kmsBounds = {
  /** KMS of the same region connects within milliseconds. */
  connectMs: 1_000,
  /** Of one try; it answers within a tenth of a second. */
  tryMs: 2_000,
  /** With growing waits between them. Temporal repeats the task after that. */
  triesMax: 3,
};

/** A server that speaks as KMS does, and a login there; without it, Amazon's own with the role of the machine. */
export type KmsServer = Pick<KMSClientConfig, 'endpoint' | 'credentials'>;

/** `key`: the ARN of a symmetric key, which names its region. */
export type KmsKey = { key: string; server?: KmsServer; bounds?: typeof kmsBounds };

/** Part of what KMS checks: a data key of something else under the same key is refused. It stands in CloudTrail. */
const EncryptionContext = { purpose: 'quittance-temporal-payloads' };

/** A master key that never leaves KMS, which makes and unwraps the data keys. */
export function kmsMasterKey({ key: KeyId, server = {}, bounds = kmsBounds }: KmsKey): MasterKey {
  const client = clientOf(KeyId, { server, bounds });
  const call = async <T>(what: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(AbortSignal.timeout(bounds.tryMs * bounds.triesMax));
    } catch (error) {
      const remedy =
        'nothing was written, and it is tried again; if that goes on, see to the key, to kms:GenerateDataKey and kms:Decrypt of this role, and to the way to KMS';
      throw new PayloadKeyFault(`KMS does not ${what} with ${KeyId} (${String(error)}): ${remedy}.`, { cause: error });
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
    unwrap: (wrapped) =>
      call('unwrap a data key', async (abortSignal) => {
        const command = new DecryptCommand({ KeyId, CiphertextBlob: wrapped, EncryptionContext });
        const { Plaintext } = await client.send(command, { abortSignal });
        return keyIn(Plaintext);
      }),
  };
}

function keyIn(bytes: Uint8Array | undefined): KeyObject {
  if (bytes?.length !== 32) throw new Error(`it answered a key of ${bytes?.length ?? 0} bytes and not of 32`);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

function clientOf(key: string, { server, bounds }: Required<Pick<KmsKey, 'server' | 'bounds'>>): KMSClient {
  // A call an hour, so no connection is kept until the next.
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
