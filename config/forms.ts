import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { toNetwork } from '../domain/network.ts';
import { codeOf } from './error-fields.ts';

/** Schemas that several settings share. Their messages never show the value. */

export const port = z.coerce.number('must be a port number').int('must be a port number').min(0).max(65_535);

export const wholeMillis = z.coerce.number<string>('must be milliseconds').int('must be milliseconds');

/** From a millisecond to a day. */
export const millis = wholeMillis.min(1, 'must be at least 1 millisecond').max(86_400_000, 'must be at most a day');

/** What follows a `#` would be lost without a word, such as the rest of a path or of a password. */
export const urlOf = (protocol: RegExp) =>
  z
    .url({ protocol, error: 'must be a URL', abort: true })
    .refine((url) => !url.includes('#'), { error: 'must be a URL without a #: write it as %23', abort: true });

export const regionName = z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be the name of a region');

export const onOff = z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'must be true or false' });

/** The path of a text file, read. */
export const pemFile = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    context.addIssue(`names a file that cannot be read (${codeOf(error)})`);
    return z.NEVER;
  }
});

export const certificate = z.string().refine(
  isReadBy((text) => new X509Certificate(text)),
  'must hold a certificate in PEM form',
);

export const privateKey = z
  .string()
  .refine(isReadBy(createPrivateKey), 'must hold a private key in PEM form, without a passphrase');

/** A key of Amazon KMS, by its id: under an alias another key could stand tomorrow, and nobody would have agreed to it. */
export const kmsKeyArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]{1,40}:\d{12}:key\/[A-Za-z0-9-]{1,64}$/,
    'must be ARNs of keys, such as arn:aws:kms:<region>:<account>:key/<id>, separated by commas',
  );

/** Refuses a Postgres address that asks for TLS and does not verify whom it talks to, or whose file cannot be read. */
export function refuseWeakTls(url: string, context: z.RefinementCtx): void {
  const { searchParams } = new URL(url);
  const mode = searchParams.get('sslmode');
  if (mode !== null && !['disable', 'verify-full'].includes(mode))
    context.addIssue('must have no sslmode but verify-full or disable: others do not prove who answers');
  if (searchParams.get('ssl') === 'no-verify' || searchParams.has('uselibpqcompat'))
    context.addIssue('must ask for TLS with sslmode=verify-full: other ways do not prove who answers');
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const path = searchParams.get(name);
    const read = path === null ? null : pemFile.safeParse(path);
    if (read?.error) context.addIssue(`has an ${name} that ${read.error.issues[0]?.message ?? 'cannot be read'}`);
  }
}

/** Values separated by commas. */
export const listOf = <T extends z.ZodType<unknown, string>>(member: T) =>
  z
    .string()
    .transform((list) => list.split(',').map((part) => part.trim()))
    .pipe(z.array(member));

/** Networks in CIDR notation, separated by commas. */
export const networks = listOf(
  z.string().transform((text, context) => {
    const network = toNetwork(text);
    if (network === null)
      context.addIssue('must be networks such as 10.0.0.0/16, separated by commas, without bits after the prefix');
    return network ?? z.NEVER;
  }),
);

/** More origins are a pattern, and patterns are how others get in. */
const originsMax = 20;

/** Origins as browsers send them, separated by commas: scheme, host in its normal form, and a port that is not the scheme's own. */
export const origins = listOf(
  z.string().refine(isOrigin, 'must be origins such as https://app.example.com, separated by commas'),
).pipe(z.array(z.string()).max(originsMax, `must be at most ${originsMax} origins`));

function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** Whether `read` takes a text without throwing. */
export function isReadBy(read: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      read(text);
      return true;
    } catch {
      return false; // Why is of no use to the reader: it is not that form, or damaged.
    }
  };
}
