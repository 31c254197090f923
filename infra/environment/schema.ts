import { z } from 'zod';

/** The three environments, as requirement 001 names them. */
export const environmentNames = ['development', 'staging', 'production'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** How many tasks a service has, and what makes it have more. */
const tasks = z.strictObject({ min: z.int().min(1), max: z.int().min(1).max(50) }).refine(({ min, max }) => min <= max);

/** What one Fargate task gets: CPU units (1,024 are one core) and memory in MiB, in a pair that Fargate has. */
const task = z.strictObject({
  cpu: z.union([z.literal(256), z.literal(512), z.literal(1024), z.literal(2048), z.literal(4096)]),
  memoryMiB: z.int().min(512).max(30_720),
});

/**
 * `target`: as many tasks as keep the mean CPU at this percentage. `steps`: requirement 001's rule for production, one more task above
 * 70 % for two minutes, one less below 30 % for five.
 */
const scaling = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('target'), cpuPercent: z.int().min(20).max(95) }),
  z.strictObject({
    kind: z.literal('steps'),
    addAbovePercent: z.literal(70),
    addAfterMinutes: z.literal(2),
    removeBelowPercent: z.literal(30),
    removeAfterMinutes: z.literal(5),
  }),
]);

const database = z.discriminatedUnion('engine', [
  z.strictObject({
    engine: z.literal('rds'),
    instance: z.string().regex(/^[a-z0-9]+\.[a-z0-9]+$/),
    multiZone: z.boolean(),
    storageGiB: z.int().min(20).max(1_000),
    /** What Postgres of this class allows at once: the budget of connections counts against it. */
    maxConnections: z.int().min(50),
  }),
  z.strictObject({
    engine: z.literal('aurora'),
    instance: z.string().regex(/^[a-z0-9]+\.[a-z0-9]+$/),
    readers: z.int().min(1).max(15),
    maxConnections: z.int().min(50),
  }),
]);

/** Where Temporal is: at Temporal Cloud by a private link, on Fargate with four roles and a database of its own, or one task. */
const temporal = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('cloud'), auth: z.enum(['api-key', 'mtls']) }),
  z.strictObject({
    mode: z.literal('self-hosted'),
    /** Never changed after the first start: every workflow's history belongs to one of them. */
    historyShards: z.literal(512),
    history: task.extend({ count: z.int().min(1) }),
    others: task.extend({ count: z.int().min(1) }),
    capacityUnits: z.strictObject({ min: z.number().min(0.5), max: z.number().max(64) }),
  }),
  z.strictObject({ mode: z.literal('all-in-one'), historyShards: z.literal(4), server: task }),
]);

const recovery = z.strictObject({
  /** Requirement 001: how long until it serves again, and how much may be lost, in minutes. */
  timeObjectiveMinutes: z.int().positive(),
  pointObjectiveMinutes: z.int().positive(),
  backupDays: z.literal(35),
  /** A copy in a second region, and a monthly one that is kept for years. */
  otherRegion: z.boolean(),
  testedMonthly: z.boolean(),
});

/** What differs between environments, and nothing that belongs to an account: that is `deployment.ts`. */
export const environmentSchema = z.strictObject({
  name: z.enum(environmentNames),
  network: z.strictObject({
    /** The second octet of 10.X.0.0/16. */
    block: z.int().min(0).max(255),
    zones: z.literal(2),
    natGateways: z.int().min(1).max(2),
    /** Interface endpoints: those that pulling an image needs, or one for each service that is called. */
    endpoints: z.enum(['minimal', 'full']),
  }),
  api: task.extend({
    port: z.literal(3001),
    tasks,
    scaling,
    /** Connections of each task to the writer, and to a reader. */
    pool: z.strictObject({ writer: z.int().min(2), reader: z.int().min(0) }),
    deployment: z.enum(['rolling', 'blue-green', 'canary']),
    spot: z.boolean(),
  }),
  /** Each a service of its own, by the worker's roles. */
  workers: z.strictObject({
    transfers: task.extend({ tasks, pool: z.int().min(2) }),
    records: task.extend({ tasks, pool: z.int().min(2) }),
    spot: z.boolean(),
  }),
  /** The banks' simulator as a service. Production has real banks. */
  simulator: z.boolean(),
  database,
  cache: z.strictObject({ node: z.string().regex(/^cache\./), nodes: z.int().min(1).max(6) }),
  temporal,
  edge: z.strictObject({
    /** Requests of one address in five minutes, on all paths and on those that sign in. */
    requestsPerAddress: z.int().min(100),
    signInsPerAddress: z.int().min(10),
  }),
  logs: z.strictObject({ days: z.int().min(30) }),
  objects: z.strictObject({
    mode: z.enum(['compliance', 'governance']),
    /** The bucket's own default, in days: what protects an object that was put without a date. */
    defaultDays: z.int().min(1),
    years: z.int().min(1).max(30),
    otherRegion: z.boolean(),
  }),
  recovery,
  /** GuardDuty, Config, Security Hub, Access Analyzer: of this account, or of the organisation that owns it. */
  governance: z.enum(['own', 'organisation', 'none']),
  /** Whether tasks are stopped at night and at weekends. */
  sleepsAtNight: z.boolean(),
  monthlyBudgetUsd: z.int().positive(),
});

/** An environment, checked. */
export type Environment = z.infer<typeof environmentSchema>;

/** Checks an environment. Throws with every member that is wrong: the synthesis stops. */
export const checkEnvironment = (literal: z.input<typeof environmentSchema>): Environment => {
  const environment = environmentSchema.parse(literal);
  if (environment.name === 'production' && environment.simulator)
    throw new Error('production has no simulator: its banks are real');
  if (environment.name === 'production' && environment.objects.mode !== 'compliance')
    throw new Error('production keeps its objects under compliance retention');
  return environment;
};
