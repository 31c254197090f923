import { z } from 'zod';
import { certificate, pemFile, regionName, urlOf } from './forms.ts';
import { secret } from './secret.ts';

/** How Redis is reached. */
export const redisVariables = {
  REDIS_URL: urlOf(/^rediss?$/)
    .transform(secret)
    .optional()
    .meta({
      description:
        'Redis, for balances and rate limits; by TLS with `rediss://`. Absent: no cache, reads go to Postgres.',
      examples: ['redis://127.0.0.1:6380'],
    }),
  REDIS_TLS_CA_CERT_PATH: pemFile
    .pipe(certificate)
    .optional()
    .meta({
      description:
        "The file with the certificates of the authority that signed Redis's. Absent: those that Node trusts.",
      examples: ['/etc/quittance/redis-ca.pem'],
    }),
  REDIS_IAM_REGION: regionName.optional().meta({
    description:
      'The Amazon region whose IAM tokens open Redis (ElastiCache): each new connection gets a fresh one. REDIS_URL then begins with `rediss://` and has a user and no password, and REDIS_IAM_CACHE is given. Absent: the password of the address.',
    examples: ['eu-central-1'],
  }),
  REDIS_IAM_CACHE: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,49}$/, 'must be the name of a replication group, in small letters')
    .optional()
    .meta({
      description: 'The name of the replication group that those tokens are for.',
      examples: ['quittance-production'],
    }),
};

const schema = z.object(redisVariables);
type Read = z.infer<typeof schema>;

/** The settings above, by subject. `url` null: there is no Redis, and reads go to Postgres. `iam` null: the password stands in the address. */
export const groupRedis = (read: Read) => ({
  url: read.REDIS_URL ?? null,
  ca: read.REDIS_TLS_CA_CERT_PATH ?? null,
  iam: iamOf(read),
});

function iamOf(read: Read): { region: string; cache: string } | null {
  const [region, cache] = [read.REDIS_IAM_REGION, read.REDIS_IAM_CACHE];
  return region !== undefined && cache !== undefined ? { region, cache } : null;
}

/** What contradicts itself among them, as the setting and the sentence about it. */
export function redisContradictions(read: Partial<Read>): [name: string, problem: string][] {
  const url = read.REDIS_URL === undefined ? null : new URL(read.REDIS_URL.reveal());
  const isPlain = url?.protocol === 'redis:';
  const problems: [string, string][] = [];
  if (isPlain && read.REDIS_TLS_CA_CERT_PATH !== undefined) {
    const problem = 'is of no use with a REDIS_URL that begins with redis://: write rediss://';
    problems.push(['REDIS_TLS_CA_CERT_PATH', problem]);
  }
  const { REDIS_IAM_REGION: region, REDIS_IAM_CACHE: cache } = read;
  if (region === undefined && cache !== undefined)
    problems.push(['REDIS_IAM_REGION', 'is needed with REDIS_IAM_CACHE']);
  if (region === undefined) return problems;
  if (cache === undefined) problems.push(['REDIS_IAM_CACHE', 'is needed with REDIS_IAM_REGION']);
  const problem = problemWithTokens(url);
  if (problem !== null) problems.push(['REDIS_URL', `${problem} with REDIS_IAM_REGION`]);
  return problems;
}

function problemWithTokens(url: URL | null): string | null {
  if (url === null) return 'is needed';
  if (url.password !== '' || url.searchParams.has('password')) return 'must have no password';
  if (url.username === '') return 'must name its user before the host';
  if (url.protocol === 'redis:') return 'must begin with rediss://, because a token opens Redis to who reads it,';
  return null;
}
