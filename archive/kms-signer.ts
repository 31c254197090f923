import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { GetPublicKeyCommand, KMSClient, type KMSClientConfig, SignCommand } from '@aws-sdk/client-kms';
import { type Signer, signerWith } from './signer.ts';

/** What bounds a call of KMS, in milliseconds. A step that fails is repeated, so a call is not. */
const kmsBounds = {
  /** KMS of the same region connects within milliseconds. */
  connectMs: 2_000,
  /** It signs within a tenth of a second; what is slower is tried again by its step. */
  callMs: 5_000,
};

/** A server that speaks as KMS does, and a login there; without it, Amazon's own with the role of the machine. */
export type KmsServer = Pick<KMSClientConfig, 'endpoint' | 'credentials'>;

/** `key`: the ARN of a key of Ed25519, which names its region. `name`: that of the signer. */
export type KmsKey = { key: string; name: string; server?: KmsServer; bounds?: typeof kmsBounds };

/** KMS did not do what it was asked: it is away, it refuses, or it answered something that cannot be used. */
export class KmsFault extends Error {
  override readonly name = 'KmsFault';
}

/**
 * A signer whose private key never leaves KMS. Asks for the public key once, now; each text that is signed is a call, and a signature that the public
 * key does not confirm is never given to anybody. Throws {@link KmsFault}.
 */
export async function kmsSigner({ key, name, server = {}, bounds = kmsBounds }: KmsKey): Promise<Signer> {
  const client = clientOf(key, { server, bounds });
  const call = async <T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(AbortSignal.timeout(bounds.callMs));
    } catch (error) {
      throw new KmsFault(`KMS does not ${what} with ${key} (${String(error)})`, { cause: error });
    }
  };
  const publicKey = await call('give a public key', async (abortSignal) =>
    publicKeyIn(await client.send(new GetPublicKeyCommand({ KeyId: key }), { abortSignal })),
  );
  return signerWith(publicKey, name, (text) =>
    call('sign', async (abortSignal) => {
      const { Signature } = await client.send(new SignCommand({ ...signing, KeyId: key, Message: text }), {
        abortSignal,
      });
      if (Signature !== undefined && verify(null, text, publicKey, Signature)) return Signature;
      throw new Error('it answered a signature that is not of this key');
    }),
  );
}

/** Ed25519 signs the message itself; its other form signs a hash and is another signature. */
const signing = { MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' } as const;

function publicKeyIn({
  KeySpec,
  PublicKey,
}: {
  KeySpec?: string | undefined;
  PublicKey?: Uint8Array | undefined;
}): KeyObject {
  if (KeySpec !== 'ECC_NIST_EDWARDS25519' || PublicKey === undefined)
    throw new Error(`it is a key of ${KeySpec ?? 'no kind'} and not of ECC_NIST_EDWARDS25519`);
  return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
}

function clientOf(key: string, { server, bounds }: Required<Pick<KmsKey, 'server' | 'bounds'>>): KMSClient {
  // A segment is signed every five minutes, so no connection is kept until the next.
  const agent = { keepAlive: false };
  return new KMSClient({
    ...server,
    region: key.split(':')[3] ?? '',
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: bounds.connectMs,
      requestTimeout: bounds.callMs,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    },
  });
}
