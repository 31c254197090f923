import { z } from 'zod';
import type { NetworkName } from '../domain/rail.ts';
import { networkNames } from '../rails/index.ts';
import { archiveContradictions, archiveVariables } from './archive-variables.ts';
import { codecServerVariables } from './codec-server-variables.ts';
import { databaseContradictions, databaseVariables } from './database-variables.ts';
import { encryptionContradictions, encryptionVariables } from './encryption-variables.ts';
import { listOf, millis, networks, onOff, origins, port, urlOf, wholeMillis } from './forms.ts';
import { railVariables } from './rails.ts';
import { redisContradictions, redisVariables } from './redis-variables.ts';
import { scalerVariables } from './scaler-variables.ts';
import { storageVariables } from './storage-variables.ts';
import { temporalContradictions, temporalVariables } from './temporal-variables.ts';

/** Which task queues a worker process may serve. `all` stands for every other one. */
export type WorkerRole = 'all' | 'groups' | RailRole | 'upkeep' | 'delivery' | 'statements' | 'archive';
export type RailRole = `rail:${NetworkName}`;
const railRoles = networkNames.map((name): RailRole => `rail:${name}`);
const workerRoles: readonly WorkerRole[] = [
  ...(['all', 'groups', ...railRoles, 'upkeep', 'delivery', 'statements', 'archive'] as const),
];

/** A part of the name under which the ledger knows who is at work, and of what a person types. */
const buildForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/**
 * Every setting of our programs, in one place: its name, its form, its default, and in `meta` its meaning and an example. From
 * here come the names, the type `Env`, `.env.example`, docs/settings.md and the sentence about a wrong value. `meta` is
 * the last call of each, because zod keeps it with the schema that it was called on.
 */
export const variables = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .meta({ description: 'Stands as `mode` on every line of the log. Our code does not branch on it; libraries may.' }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .meta({ description: 'The lowest level that is printed.' }),
  ...databaseVariables,
  ...redisVariables,
  ...temporalVariables,
  ...encryptionVariables,
  ...storageVariables,
  ...archiveVariables,
  API_HOST: z.string().min(1).default('127.0.0.1').meta({
    description: 'The address on which the API listens, and on which API, worker and scaler serve health and metrics.',
  }),
  API_PORT: port
    .default(3001)
    .meta({ description: 'The port on which the API listens. 0 asks the system for a free one.' }),
  API_PUBLIC_URL: urlOf(/^https?$/)
    .refine(
      isOfApi,
      'must be https://<host> or http://<host>, with a path if there is one, and without a slash at its end',
    )
    .optional()
    .meta({
      description:
        'The address at which clients reach the API: links to files begin with it. Absent: that of API_HOST and API_PORT, by http, as on one machine.',
      examples: ['https://api.example.com'],
    }),
  API_DOCS: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .default(true)
    .meta({ description: 'Whether the API serves its docs page at /docs.' }),
  CORS_ORIGINS: origins.optional().meta({
    description:
      'The origins whose pages may call the API from a browser, a comma list, each exactly as browsers send it. There are no patterns. Absent: none, as for keys that only servers hold.',
    examples: ['https://app.example.com'],
  }),
  TRUSTED_PROXIES: networks.optional().meta({
    description:
      'The networks of the proxies and load balancers in front of the API, a comma list in CIDR notation. Only what they say in `X-Forwarded-For` is believed: it decides which addresses a key is used from, and whose requests are counted. Declare no proxy that leaves the header as its client sent it. Absent: nobody is believed.',
    examples: ['10.0.0.0/16,2001:db8:1::/48'],
  }),
  API_METRICS_PORT: port
    .default(9464)
    .meta({ description: "The API's metrics, on a port that no load balancer exposes." }),
  WORKER_METRICS_PORT: port.default(9465).meta({ description: "The worker's health and metrics." }),
  WORKER_ROLES: listOf(z.enum(workerRoles))
    .prefault('all')
    .meta({
      description: `Which task queues this worker serves, a comma list: ${workerRoles.join(', ')}.`,
      examples: ['groups,delivery'],
    }),
  WORKER_BUILD_ID: z
    .string()
    .regex(buildForm, 'must be 1 to 40 letters, digits, dots, dashes or underscores')
    .optional()
    .meta({
      description:
        'The version of this worker: the same for all workers of one build, and never that of another. With it Temporal gives the worker nothing before the version is made current (docs/runbooks/release-workers.md). For `npm run replay`: the version whose code it replays. Absent: no version, as on one machine.',
      examples: ['3f9c2a71b0de'],
    }),
  WORKER_DEPLOYMENT: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 lower-case letters, digits or dashes, the first a letter')
    .default('quittance')
    .meta({ description: "The name that the versions of workers have in common, Temporal's Worker Deployment." }),
  STATEMENT_THREADS: z.coerce
    .number()
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(32, 'must be at most 32')
    .optional()
    .meta({
      description:
        'How many threads of a worker with the role `statements` render them. Each needs 400 MB for an account of thousands of postings, and 1 GB at most. Absent: one less than its cores, 1 to 4.',
      examples: [2],
    }),
  ...scalerVariables,
  ...codecServerVariables,
  ...railVariables,
  SWEEP_GRACE_MS: millis.optional().meta({
    description: 'How late a step may be before the sweep repairs its row. Absent: `overdueGraceMs` in docs/bounds.md.',
    examples: [20_000],
  }),
  SWEEP_EVERY_MS: millis.optional().meta({
    description: 'How often the sweep looks. Absent: `sweepEveryMs` in docs/bounds.md.',
    examples: [20_000],
  }),
  NOTICES_ALLOW_PRIVATE: onOff.default(false).meta({
    description:
      'Whether notices may go to plain http and to this machine, except for the ports of the platform. For a laptop only.',
  }),
  NOTICES_LOG_DAYS: z.coerce
    .number()
    .int('must be a whole number of days')
    .min(7, 'must be at least 7')
    .max(3_650, 'must be at most 3650')
    .default(30)
    .meta({
      description: 'How long each try to deliver a notice is kept, in days. Whole months are dropped after it.',
    }),
  SHUTDOWN_GRACE_MS: wholeMillis
    .min(0, 'must not be negative')
    .max(120_000, 'must be at most 120000')
    .default(25_000)
    .meta({ description: 'How long a stopping program waits for what is in flight, in milliseconds.' }),
});

/** What an address may be that something is appended to. */
function isOfApi(text: string): boolean {
  const { username, password, search } = new URL(text);
  return username === '' && password === '' && search === '' && !text.endsWith('/');
}

/** What contradicts itself among settings that are each well-formed, as the setting and the sentence about it. */
export function contradictions(read: Partial<z.infer<typeof variables>>): [name: string, problem: string][] {
  return [
    ...databaseContradictions(read),
    ...redisContradictions(read),
    ...temporalContradictions(read),
    ...encryptionContradictions(read),
    ...archiveContradictions(read),
  ];
}

/** A setting as documents and messages show it. `initial` is its default in the environment's spelling, or null for none. */
export type Setting = { name: string; meaning: string; initial: string | null; example: string; isRequired: boolean };

/** What a schema says of its settings, in its order. */
export function describeSettings(schema: z.ZodObject): Setting[] {
  return Object.entries(schema.shape).map(([name, form]) => describeSetting(name, z.instanceof(z.ZodType).parse(form)));
}

function describeSetting(name: string, form: z.ZodType): Setting {
  const { description = '', examples = [] } = form.meta() ?? {};
  const absent = form.safeParse(undefined);
  const initial = absent.success && absent.data !== undefined ? spelled(absent.data) : null;
  const example = examples.map(spelled)[0] ?? initial ?? '';
  return { name, meaning: description, initial, example, isRequired: !absent.success };
}

/** A value as the environment has it: members of a list with commas between them. */
const spelled = (value: unknown): string => [value].flat().join(',');
