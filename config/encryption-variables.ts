import { z } from 'zod';
import { kmsKeyArn, listOf, pemFile } from './forms.ts';
import { secret } from './secret.ts';
import { temporalVariables } from './temporal-variables.ts';

/** While keys change there are two; a key stays beside them as long as Temporal keeps what it encrypted. */
const keysMax = 4;

const keyFile = z
  .string()
  .regex(
    /^\s*([A-Za-z0-9+/]{43}=\s+){0,3}[A-Za-z0-9+/]{43}=\s*$/,
    `must hold 1 to ${keysMax} keys, each on its line, 32 random bytes in base64: make one with \`openssl rand -base64 32\``,
  )
  .refine((text) => new Set(text.trim().split(/\s+/)).size === text.trim().split(/\s+/).length, 'holds a key twice');

/** By which keys everything is encrypted that Temporal stores (docs/adr/0056). */
export const encryptionVariables = {
  PAYLOAD_KEYS_PATH: pemFile
    .pipe(keyFile)
    .transform(secret)
    .optional()
    .meta({
      description:
        'The file with the keys of payloads, which is what Temporal stores of a workflow: a key on each line, 32 random bytes in base64. The first encrypts, and all decrypt. Every program needs the same ones. Absent, with the two settings below: nothing is encrypted.',
      examples: ['/etc/quittance/payload-keys.txt'],
    }),
  PAYLOAD_KEYS_DATA: keyFile
    .transform(secret)
    .optional()
    .meta({
      description: 'The same as text, instead of the path.',
      examples: ['q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA='],
    }),
  PAYLOAD_KMS_KEYS: listOf(kmsKeyArn)
    .pipe(z.array(z.string()).max(keysMax, `must be at most ${keysMax} keys`))
    .optional()
    .meta({
      description:
        'The ARNs of keys in Amazon KMS (`SYMMETRIC_DEFAULT`), a comma list, under which each program has data keys of its own for payloads. The first encrypts, and all decrypt.',
      examples: ['arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
    }),
  PAYLOAD_ENCRYPT_WITH: z
    .enum(['kms', 'file', 'nothing'])
    .optional()
    .meta({
      description:
        'Whose first key encrypts payloads: of PAYLOAD_KMS_KEYS, or of the file. `nothing`: all keys only decrypt, until every program has them. Absent: `kms` where there are keys in KMS, else `file` where there are keys in a file.',
      examples: ['kms'],
    }),
};

const own = z.object(encryptionVariables);
type Own = z.infer<typeof own>;
const schema = z.object({ ...encryptionVariables, ...temporalVariables, NODE_ENV: z.string() });
type Read = z.infer<typeof schema>;

/** The settings above, by subject: keys in a text, keys in KMS by ARN, and whose first one encrypts, null for nobody's. */
export function groupEncryption(read: Own) {
  const encryptWith = chosen(read);
  return {
    keys: keysIn(read) ?? null,
    kmsKeys: read.PAYLOAD_KMS_KEYS ?? [],
    encryptWith: encryptWith === 'nothing' ? null : encryptWith,
  };
}

/** What contradicts itself among them, as the setting and the sentence about it. */
export function encryptionContradictions(read: Partial<Read>): [name: string, problem: string][] {
  const problems: [string, string][] = [];
  const kms = read.PAYLOAD_KMS_KEYS ?? [];
  if (read.PAYLOAD_KEYS_PATH && read.PAYLOAD_KEYS_DATA)
    problems.push(['PAYLOAD_KEYS_DATA', 'stands beside PAYLOAD_KEYS_PATH: give one of the two']);
  if (new Set(kms).size < kms.length) problems.push(['PAYLOAD_KMS_KEYS', 'names a key twice']);
  if (read.PAYLOAD_ENCRYPT_WITH === 'kms' && kms.length === 0)
    problems.push(['PAYLOAD_ENCRYPT_WITH', 'is kms, and PAYLOAD_KMS_KEYS names no key']);
  if (read.PAYLOAD_ENCRYPT_WITH === 'file' && !keysIn(read))
    problems.push(['PAYLOAD_ENCRYPT_WITH', 'is file, and neither PAYLOAD_KEYS_PATH nor PAYLOAD_KEYS_DATA is given']);
  if (read.NODE_ENV === 'production' && isTemporalCloud(read) && chosen(read) === 'nothing')
    problems.push([
      read.PAYLOAD_ENCRYPT_WITH === undefined ? 'PAYLOAD_KMS_KEYS' : 'PAYLOAD_ENCRYPT_WITH',
      'must let a key encrypt payloads: TEMPORAL_ADDRESS or TEMPORAL_API_KEY is of Temporal Cloud, which would store names and bank accounts of customers as they are',
    ]);
  return problems;
}

const keysIn = (read: Own) => read.PAYLOAD_KEYS_PATH ?? read.PAYLOAD_KEYS_DATA;

const chosen = (read: Own): 'kms' | 'file' | 'nothing' =>
  read.PAYLOAD_ENCRYPT_WITH ?? (read.PAYLOAD_KMS_KEYS?.length ? 'kms' : keysIn(read) ? 'file' : 'nothing');

const cloudName = /\.(tmprl\.cloud|api\.temporal\.io)(:\d+)?$/i;

/** Whether Temporal is somebody else's. A private link may have any name, but its certificate has Temporal Cloud's, and with a key we know without a name. */
const isTemporalCloud = (read: Partial<Read>): boolean =>
  read.TEMPORAL_API_KEY !== undefined ||
  [read.TEMPORAL_ADDRESS, read.TEMPORAL_TLS_SERVER_NAME].some((name) => name !== undefined && cloudName.test(name));
