import { z } from 'zod';
import { regionName, urlOf } from './forms.ts';
import { secret } from './secret.ts';

/** The forms of what says where a store is, for each store that there may be. */
export const storeForms = {
  url: urlOf(/^(https?|file)$/)
    .refine(isWhole, 'must be https://<id>:<secret>@<host>, http:// and the like, or file:///<folder>')
    .transform(secret),
  region: regionName,
  bucketPrefix: z.string().regex(/^[a-z0-9][a-z0-9-]{1,49}$/, 'must be 2 to 50 lower-case letters, digits and hyphens'),
  bucketOwner: z.string().regex(/^\d{12}$/, 'must be an account of 12 digits'),
};

/** Where objects with a retention are kept, and for how long (docs/adr/0047). */
export const storageVariables = {
  STORAGE_URL: storeForms.url.optional().meta({
    description:
      'Where objects are kept: the endpoint of an S3 with Object Lock, with the id and the secret of a login in it (percent-encoded) or, on Amazon, without one for the role of the machine; or `file:///<folder>`, for one machine. Absent: nowhere.',
    examples: ['https://s3.eu-central-1.amazonaws.com'],
  }),
  STORAGE_REGION: storeForms.region
    .default('us-east-1')
    .meta({ description: 'The region of that S3. Servers of its kind take any.' }),
  STORAGE_BUCKET_PREFIX: storeForms.bucketPrefix
    .default('quittance')
    .meta({ description: 'The buckets are this, a hyphen and `statements` or `audit`. Each has Object Lock enabled.' }),
  STORAGE_BUCKET_OWNER: storeForms.bucketOwner.optional().meta({
    description: 'The Amazon account that must own the buckets; another bucket of that name is refused. Absent: any.',
    examples: ['111122223333'],
  }),
  STORAGE_RETENTION_MODE: z.enum(['compliance', 'governance']).default('compliance').meta({
    description:
      'How objects are locked: `compliance`, deleted by nobody before their date; `governance`, by who has the right to, for environments that are thrown away.',
  }),
  STORAGE_RETENTION_YEARS: z.coerce
    .number()
    .int('must be whole years')
    .min(1, 'must be at least 1')
    .max(30, 'must be at most 30')
    .default(7)
    .meta({
      description:
        'How long objects are kept, in years from the end of what they are about. It can be made longer later, never shorter.',
    }),
};

const schema = z.object(storageVariables);

/** Where objects are kept. `url` null: nowhere. */
export type StorageSettings = ReturnType<typeof groupStorage>;

/** The settings above, by subject. */
export const groupStorage = (read: z.infer<typeof schema>) => ({
  url: read.STORAGE_URL ?? null,
  region: read.STORAGE_REGION,
  bucketPrefix: read.STORAGE_BUCKET_PREFIX,
  owner: read.STORAGE_BUCKET_OWNER ?? null,
  retention: { mode: read.STORAGE_RETENTION_MODE, years: read.STORAGE_RETENTION_YEARS },
});

/** A login is both or neither, an endpoint has no path, and a folder no host. */
function isWhole(text: string): boolean {
  const { protocol, username, password, host, pathname, search } = new URL(text);
  if (search !== '') return false;
  if (protocol === 'file:') return host === '' && pathname.length > 1;
  return pathname === '/' && (username === '') === (password === '');
}
