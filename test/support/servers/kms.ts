import { createCipheriv, createDecipheriv, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** How a key of the fake behaves. `other`: it signs with another key than the one whose public key it shows. */
export type KmsMood = 'well' | 'slow' | 'refusing' | 'broken' | 'other';

/** A server that answers the calls of KMS by which an archive is signed and payloads are encrypted, with real keys. It stands for Amazon's. */
export type FakeKms = {
  server: { endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** Makes a key and returns its ARN. */
  addKey(kind?: 'ed25519' | 'p256'): string;
  /** Makes a key that encrypts, and returns its ARN. */
  addSymmetricKey(): string;
  mood: KmsMood;
  /** The calls that came, by name. */
  calls: string[];
  close(): void;
};

type KmsRequest = {
  KeyId: string;
  Message?: string;
  MessageType?: string;
  SigningAlgorithm?: string;
  CiphertextBlob?: string;
  EncryptionContext?: Record<string, string>;
};

export async function startFakeKms(): Promise<FakeKms> {
  const keys = new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>();
  const symmetric = new Map<string, Buffer>();
  const stranger = generateKeyPairSync('ed25519');
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = String(request.headers['x-amz-target']).replace('TrentService.', '');
      kms.calls.push(call);
      if (kms.mood === 'slow') return;
      const wanted: KmsRequest = JSON.parse(body);
      const key = keys.get(wanted.KeyId);
      const secret = symmetric.get(wanted.KeyId);
      if (kms.mood === 'broken') return void response.writeHead(500).end('x');
      if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))
        return refuse(response, 'MissingAuthenticationTokenException');
      if (kms.mood === 'refusing') return refuse(response, 'AccessDeniedException');
      if (secret && call === 'GenerateDataKey') return answer(response, newDataKey(wanted, secret));
      if (secret && call === 'Decrypt') return answerDecrypt(response, wanted, secret);
      if (!key) return refuse(response, 'NotFoundException');
      if (call === 'GetPublicKey') return answer(response, publicPart(wanted, key.publicKey));
      const isRight = wanted.MessageType === 'RAW' && wanted.SigningAlgorithm === 'ED25519_SHA_512';
      if (call !== 'Sign' || !isRight) return refuse(response, 'InvalidKeyUsageException');
      const by = kms.mood === 'other' ? stranger.privateKey : key.privateKey;
      const Signature = sign(null, Buffer.from(wanted.Message ?? '', 'base64'), by).toString('base64');
      answer(response, { KeyId: wanted.KeyId, Signature, SigningAlgorithm: wanted.SigningAlgorithm });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // A server that listens on TCP has one.
  const kms: FakeKms = {
    server: {
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret' },
    },
    addKey: (kind = 'ed25519') => {
      const arn = `arn:aws:kms:eu-central-1:111122223333:key/${keys.size + 1}`;
      keys.set(
        arn,
        kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      );
      return arn;
    },
    addSymmetricKey: () => {
      const arn = `arn:aws:kms:eu-central-1:111122223333:key/s${symmetric.size + 1}`;
      symmetric.set(arn, randomBytes(32));
      return arn;
    },
    mood: 'well',
    calls: [],
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return kms;
}

function publicPart({ KeyId }: KmsRequest, publicKey: KeyObject) {
  const isOurs = publicKey.asymmetricKeyType === 'ed25519';
  return {
    ...{ KeyId, KeyUsage: 'SIGN_VERIFY', KeySpec: isOurs ? 'ECC_NIST_EDWARDS25519' : 'ECC_NIST_P256' },
    PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    SigningAlgorithms: isOurs ? ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] : ['ECDSA_SHA_256'],
  };
}

/** A fresh key, in the clear and encrypted; the context is part of what is authenticated, as in KMS. */
function newDataKey({ KeyId, EncryptionContext }: KmsRequest, secret: Buffer) {
  const [plain, nonce] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(Buffer.from(JSON.stringify(EncryptionContext)));
  const wrapped = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { KeyId, Plaintext: plain.toString('base64'), CiphertextBlob: wrapped.toString('base64') };
}

function answerDecrypt(
  response: ServerResponse,
  { KeyId, CiphertextBlob, EncryptionContext }: KmsRequest,
  secret: Buffer,
) {
  const wrapped = Buffer.from(CiphertextBlob ?? '', 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret, wrapped.subarray(0, 12));
    decipher.setAAD(Buffer.from(JSON.stringify(EncryptionContext))).setAuthTag(wrapped.subarray(-16));
    const plain = Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
    answer(response, { KeyId, Plaintext: plain.toString('base64') });
  } catch {
    refuse(response, 'InvalidCiphertextException');
  }
}

const answer = (response: ServerResponse, body: object): void =>
  void response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));

const refuse = (response: ServerResponse, type: string): void =>
  void response
    .writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
    .end(JSON.stringify({ __type: type, message: 'of a test' }));
