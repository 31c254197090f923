import { z } from 'zod';
import type { RailTerms } from '../domain/rail.ts';
import type { EnvName } from './env-names.ts';
import { ExplainedError } from './explain-error.ts';
import { type Secret, secret } from './secret.ts';

/** What a program was told, grouped by subject. Parsed once in a `main.ts` and passed on as an argument. */
export type Env = {
  mode: 'development' | 'test' | 'production';
  log: { level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' };
  /** The login of this program's own role. */
  database: { url: Secret };
  /** Null when there is no Redis: reads go to Postgres then. */
  redis: { url: Secret | null };
  temporal: { address: string; namespace: string; uiUrl: string };
  api: { host: string; port: number; metricsPort: number };
  worker: { metricsPort: number; roles: WorkerRole[] };
  /** `terms` are those of the rail's own that this installation replaces. */
  rails: { instant: { url: string; terms: Partial<RailTerms> } };
  /** Waits of the watch that this installation replaces, in milliseconds. */
  watch: { overdueGraceMs?: number; watchEveryMs?: number };
  /** Whether notices may go to plain http and to private addresses: for a laptop, never for production. */
  notices: { allowPrivate: boolean };
  /** How long a stopping program may finish what is in flight. */
  shutdown: { graceMs: number };
};

const workerRoles = ['all', 'groups', 'rail:instant', 'follow', 'delivery'] as const;
/** Which task queues a worker process serves. `all` stands for every other one. */
export type WorkerRole = (typeof workerRoles)[number];

/** The settings are wrong. Its message names every variable that is, one a line, and never shows a value. */
export class BadSettings extends ExplainedError {
  override readonly name = 'BadSettings';
}

/** Reads and checks the settings of a program. An empty variable counts as absent. Throws {@link BadSettings}. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const read = variables.safeParse(present);
  if (!read.success) {
    const problems = read.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new BadSettings(['These settings cannot be used:', ...problems].join('\n'));
  }
  return grouped(read.data);
}

const port = z.coerce.number('must be a port number').int('must be a port number').min(0).max(65_535);
const wholeMillis = z.coerce.number<string>('must be milliseconds').int('must be milliseconds');
const millis = wholeMillis.min(1, 'must be at least 1 millisecond').max(86_400_000, 'must be at most a day');
const urlOf = (protocol: RegExp, example: string) => z.url({ protocol, error: `must be a URL such as ${example}` });

/** One entry per name in `env-names.ts`. Port 0 asks the system for a free port. */
export const variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  DATABASE_URL: urlOf(/^postgres(ql)?$/, 'postgres://user:password@host:5432/quittance').transform(secret),
  REDIS_URL: urlOf(/^rediss?$/, 'redis://host:6379')
    .transform(secret)
    .optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:[0-9]{1,5}$/, 'must be host:port')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_UI_URL: urlOf(/^https?$/, 'http://127.0.0.1:8233').default('http://127.0.0.1:8233'),
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: port.default(3001),
  API_METRICS_PORT: port.default(9464),
  WORKER_METRICS_PORT: port.default(9465),
  WORKER_ROLES: z
    .string()
    .default('all')
    .transform((list) => list.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(workerRoles)).min(1)),
  RAIL_INSTANT_URL: urlOf(/^https?$/, 'http://127.0.0.1:4010/instant').default('http://127.0.0.1:4010/instant'),
  RAIL_INSTANT_REQUEST_TIMEOUT_MS: millis.optional(),
  RAIL_INSTANT_LEASE_MARGIN_MS: millis.optional(),
  RAIL_INSTANT_QUIET_MS: millis.optional(),
  RAIL_INSTANT_RETRY_MS: millis.optional(),
  RAIL_INSTANT_INQUIRY_WAITS_MS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(millis).min(1).max(20))
    .optional(),
  RAIL_INSTANT_BREAKER_OPEN_MS: millis.optional(),
  WATCH_GRACE_MS: millis.optional(),
  WATCH_EVERY_MS: millis.optional(),
  NOTICES_ALLOW_PRIVATE: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  SHUTDOWN_GRACE_MS: wholeMillis.min(0, 'must not be negative').max(120_000, 'must be at most 120000').default(25_000),
} satisfies Record<EnvName, z.ZodType>);

type Read = z.infer<typeof variables>;

const grouped = (read: Read): Env => ({
  mode: read.NODE_ENV,
  log: { level: read.LOG_LEVEL },
  database: { url: read.DATABASE_URL },
  redis: { url: read.REDIS_URL ?? null },
  temporal: { address: read.TEMPORAL_ADDRESS, namespace: read.TEMPORAL_NAMESPACE, uiUrl: read.TEMPORAL_UI_URL },
  api: { host: read.API_HOST, port: read.API_PORT, metricsPort: read.API_METRICS_PORT },
  worker: { metricsPort: read.WORKER_METRICS_PORT, roles: read.WORKER_ROLES },
  rails: { instant: { url: read.RAIL_INSTANT_URL, terms: instantTerms(read) } },
  watch: given({ overdueGraceMs: read.WATCH_GRACE_MS, watchEveryMs: read.WATCH_EVERY_MS }),
  notices: { allowPrivate: read.NOTICES_ALLOW_PRIVATE },
  shutdown: { graceMs: read.SHUTDOWN_GRACE_MS },
});

const instantTerms = (read: Read): Partial<RailTerms> =>
  given({
    requestTimeoutMs: read.RAIL_INSTANT_REQUEST_TIMEOUT_MS,
    leaseMarginMs: read.RAIL_INSTANT_LEASE_MARGIN_MS,
    quietPeriodMs: read.RAIL_INSTANT_QUIET_MS,
    retryMs: read.RAIL_INSTANT_RETRY_MS,
    inquiryWaitsMs: read.RAIL_INSTANT_INQUIRY_WAITS_MS,
    breakerOpenMs: read.RAIL_INSTANT_BREAKER_OPEN_MS,
  });

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Only the members that have a value, so that what is spread over defaults replaces none by nothing. */
const given = <T extends object>(all: T): Given<T> =>
  // Every member that is left is one of T's, and is not undefined.
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given<T>; // oxlint-disable-line typescript/no-unsafe-type-assertion
