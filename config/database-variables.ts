import { z } from 'zod';
import { refuseWeakTls, regionName, urlOf, wholeMillis } from './forms.ts';
import { secret } from './secret.ts';

const postgresUrl = urlOf(/^postgres(ql)?$/)
  .superRefine(refuseWeakTls)
  .transform(secret);

/** How Postgres is reached. */
export const databaseVariables = {
  DATABASE_URL: postgresUrl.meta({
    description:
      "The Postgres login of this program's own role: quittance_api, quittance_worker, quittance_reader, or the owner. By TLS with `?sslmode=verify-full&sslrootcert=<file>`.",
    examples: ['postgres://quittance_api:change-me@127.0.0.1:5433/quittance'],
  }),
  DATABASE_READER_URL: postgresUrl.optional().meta({
    description:
      'A streaming standby of the same database, with the login quittance_api: the API reads balances, lists and histories there while it is recent enough. Absent: the primary answers everything.',
    examples: ['postgres://quittance_api:change-me@127.0.0.1:5434/quittance'],
  }),
  READER_LAG_MAX_MS: wholeMillis
    .min(2_000, 'must be at least 2 seconds')
    .max(60_000, 'must be at most a minute')
    .default(5_000)
    .meta({
      description: 'How much older than the primary an answer of DATABASE_READER_URL may be.',
    }),
  DATABASE_IAM_REGION: regionName.optional().meta({
    description:
      'The Amazon region whose IAM tokens open the database: each new connection gets a fresh one, signed with the role of the machine. DATABASE_URL and DATABASE_READER_URL then have a user, no password, and `sslmode=verify-full`. Absent: the password of the address.',
    examples: ['eu-central-1'],
  }),
  DATABASE_POOL_MAX: z.coerce
    .number()
    .int('must be a whole number')
    .min(8, 'must be at least 8')
    .max(200, 'must be at most 200')
    .optional()
    .meta({
      description:
        'How many connections to the database of DATABASE_URL this program has at most, shared out among its pools; to the standby the API has as many as it reads with, and one. Absent: 24 for the API; for a worker 12, 6 more with the role `statements` and 2 more with `archive` (`poolLimits` in docs/bounds.md).',
      examples: [24],
    }),
};

const schema = z.object(databaseVariables);
type Read = z.infer<typeof schema>;

/** The settings of the primary, by subject. `iamRegion` null: the password stands in the address. `connectionsMax` null: as many as docs/bounds.md says. */
export const groupDatabase = (read: Read) => ({
  url: read.DATABASE_URL,
  iamRegion: read.DATABASE_IAM_REGION ?? null,
  connectionsMax: read.DATABASE_POOL_MAX ?? null,
});

/** What contradicts itself among them, as the setting and the sentence about it. */
export function databaseContradictions(read: Partial<Read>): [name: string, problem: string][] {
  if (read.DATABASE_IAM_REGION === undefined) return [];
  return (['DATABASE_URL', 'DATABASE_READER_URL'] as const).flatMap((name): [string, string][] => {
    const url = read[name]?.reveal();
    const problem = url === undefined ? null : problemWithTokens(new URL(url));
    return problem === null ? [] : [[name, `${problem} with DATABASE_IAM_REGION`]];
  });
}

function problemWithTokens({ username, password, searchParams }: URL): string | null {
  if (password !== '' || searchParams.has('password')) return 'must have no password';
  if (username === '' || searchParams.has('user')) return 'must name its user before the host';
  if (searchParams.has('host') || searchParams.has('port')) return 'must have host and port in their places';
  const modes = searchParams.getAll('sslmode');
  if (modes.length !== 1 || modes[0] !== 'verify-full')
    return 'must have sslmode=verify-full, because a token opens the database to who reads it,';
  return null;
}
