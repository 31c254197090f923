import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { isReadBy, kmsKeyArn, listOf, pemFile } from './forms.ts';
import { secret } from './secret.ts';
import { storageVariables, storeForms } from './storage-variables.ts';

/** While keys change there are two, or three. */
const keysMax = 4;
const pemForm = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g;

const signingKeys = z
  .string()
  .refine(
    areSigningKeys,
    `must hold 1 to ${keysMax} Ed25519 private keys in PEM form (PKCS #8), without a passphrase: make one with \`operator archive make-key\``,
  );

/** Who signs the archive, and where its checkpoints are kept a second time (docs/adr/0051). */
export const archiveVariables = {
  ARCHIVE_KEY_PATH: pemFile
    .pipe(signingKeys)
    .transform(secret)
    .optional()
    .meta({
      description:
        'The file with the private keys that sign the archive, for the worker with the role `archive`: one, or while keys change the old and the new one, which both sign. Absent: those of ARCHIVE_KMS_KEY; with neither, nothing is archived.',
      examples: ['/etc/quittance/archive.pem'],
    }),
  ARCHIVE_KMS_KEY: listOf(kmsKeyArn)
    .pipe(z.array(z.string()).max(keysMax, `must be at most ${keysMax} keys`))
    .optional()
    .meta({
      description:
        'The ARN of the key in Amazon KMS (`ECC_NIST_EDWARDS25519`, `SIGN_VERIFY`) that signs the archive instead of a file; while keys change two of them, a comma list, or one beside ARCHIVE_KEY_PATH. Absent: none.',
      examples: ['arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
    }),
  ARCHIVE_KEY_NAME: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, 'must be 1 to 100 letters, digits, dots, slashes and hyphens')
    .default('quittance')
    .meta({
      description: 'The name of those keys in signatures. It is a part of what verifiers pin, so it stays as it is.',
    }),
  ARCHIVE_ORIGIN: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,99}(\/[A-Za-z0-9._-]{1,50}){0,4}$/, 'must be a host with a path, without a scheme')
    .default('quittance.local/archive')
    .meta({
      description:
        'What the archive calls itself in its checkpoints: unlike any other archive, so a host of yours and a path. It stays as it is.',
      examples: ['quittance.example.com/archive'],
    }),
  ARCHIVE_COPY_URL: storeForms.url.optional().meta({
    description:
      'A second object store, of the form of STORAGE_URL, into which the newest checkpoint is put once a day: best of another account, where nobody who may write to the first one has a right. Absent: none.',
    examples: ['https://id:secret@s3.eu-west-1.amazonaws.com'],
  }),
  ARCHIVE_COPY_REGION: storeForms.region.optional().meta({
    description: 'The region of that second S3. Absent: STORAGE_REGION.',
    examples: ['eu-west-1'],
  }),
  ARCHIVE_COPY_BUCKET_PREFIX: storeForms.bucketPrefix.optional().meta({
    description: 'Its bucket is this, and `-audit`. Absent: STORAGE_BUCKET_PREFIX.',
    examples: ['quittance-copy'],
  }),
  ARCHIVE_COPY_BUCKET_OWNER: storeForms.bucketOwner.optional().meta({
    description: 'The Amazon account that must own that bucket. Absent: any.',
    examples: ['444455556666'],
  }),
};

const schema = z.object({ ...archiveVariables, ...storageVariables });
type Read = z.infer<typeof schema>;

/** The settings above, by subject. `keys`: in a text of PEM, and `kmsKeys` by ARN; with null and none, nobody signs the archive. `copy.url` null: checkpoints are kept in one place only. */
export const groupArchive = (read: Read) => ({
  keys: read.ARCHIVE_KEY_PATH ?? null,
  kmsKeys: read.ARCHIVE_KMS_KEY ?? [],
  keyName: read.ARCHIVE_KEY_NAME,
  origin: read.ARCHIVE_ORIGIN,
  copy: {
    url: read.ARCHIVE_COPY_URL ?? null,
    region: read.ARCHIVE_COPY_REGION ?? read.STORAGE_REGION,
    bucketPrefix: read.ARCHIVE_COPY_BUCKET_PREFIX ?? read.STORAGE_BUCKET_PREFIX,
    owner: read.ARCHIVE_COPY_BUCKET_OWNER ?? null,
  },
});

/** What contradicts itself among them, as the setting and the sentence about it. */
export const archiveContradictions = (read: Partial<Read>): [name: string, problem: string][] => [
  ...keyContradictions(read),
  ...copyContradictions(read),
];

function keyContradictions(read: Partial<Read>): [name: string, problem: string][] {
  const kms = read.ARCHIVE_KMS_KEY ?? [];
  const inFile = read.ARCHIVE_KEY_PATH?.reveal().match(pemForm)?.length ?? 0;
  if (new Set(kms).size < kms.length) return [['ARCHIVE_KMS_KEY', 'names a key twice']];
  if (kms.length + inFile <= keysMax) return [];
  return [['ARCHIVE_KMS_KEY', `is more than ${keysMax} keys, with those of ARCHIVE_KEY_PATH`]];
}

function copyContradictions(read: Partial<Read>): [name: string, problem: string][] {
  const [copy, first] = [read.ARCHIVE_COPY_URL?.reveal(), read.STORAGE_URL?.reveal()];
  if (copy === undefined || first === undefined) return [];
  const own = read.ARCHIVE_COPY_BUCKET_PREFIX;
  const isOtherBucket = !copy.startsWith('file:') && own !== undefined && own !== read.STORAGE_BUCKET_PREFIX;
  if (placeOf(copy) !== placeOf(first) || isOtherBucket) return [];
  return [['ARCHIVE_COPY_URL', 'is the store of STORAGE_URL, and a copy in the same place proves nothing']];
}

/** Where it leads, without the login in it. */
function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

function areSigningKeys(text: string): boolean {
  const keys = text.match(pemForm) ?? [];
  return keys.length > 0 && keys.length <= keysMax && keys.every(isSigningKey);
}

const isSigningKey = isReadBy((pem) => {
  if (createPrivateKey(pem).asymmetricKeyType !== 'ed25519') throw new TypeError('a key of another algorithm');
});
