import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readEnv } from '../config/env.ts';
import { createLog } from '../config/log.ts';
import { signersOf } from '../operator/archive-key.ts';
import { storageUrls } from '../test/support/harness/storage.ts';
import { type FakeKms, startFakeKms } from '../test/support/servers/kms.ts';
import { createArchiveTools } from './archive-tools.ts';

const { folder, removeFolder } = storageUrls();
let kms: FakeKms;
beforeAll(async () => {
  kms = await startFakeKms();
});
afterAll(() => {
  kms.close();
  removeFolder();
});

const settings = (key: string) =>
  readEnv({ DATABASE_URL: 'postgres://a:b@127.0.0.1/c', STORAGE_URL: folder, ARCHIVE_KMS_KEY: key });

test('a key in KMS signs, says so at the start, and is what the operator prints', async () => {
  const key = kms.addKey();
  const { archive, storage, ...env } = settings(key);
  const tools = createArchiveTools({ archive, storage }, kms.server);
  const lines: string[] = [];
  await tools.saySigners(createLog('worker', env, { write: (line) => lines.push(line) }));
  const { signers } = (await tools.open?.()) ?? { signers: [] };
  const [verifierKey] = (await signersOf(archive, kms.server)).map((signer) => signer.verifierKey);
  expect(signers.map((signer) => signer.verifierKey)).toEqual([verifierKey]);
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { signers: [verifierKey], msg: 'the archive is signed by these keys' },
  ]);
  tools.close();
});

test('a KMS that is away at the start is a line in the log, and the segment that comes later asks again', async () => {
  const { archive, storage, ...env } = settings(kms.addKey());
  const tools = createArchiveTools({ archive, storage }, kms.server);
  const lines: string[] = [];
  kms.mood = 'refusing';
  await tools.saySigners(createLog('worker', env, { write: (line) => lines.push(line) }));
  expect(lines.join('')).toMatch(
    /"level":"warn".*AccessDeniedException.*a key that signs the archive cannot be asked now/,
  );
  await expect(tools.open?.()).rejects.toThrow('KMS does not give a public key');
  kms.mood = 'well';
  kms.calls.length = 0;
  expect((await tools.open?.())?.signers).toHaveLength(1);
  await tools.open?.();
  expect(kms.calls).toEqual(['GetPublicKey']);
  tools.close();
});
