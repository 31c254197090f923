import { z } from 'zod';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const image = z.string().regex(/^[a-z0-9][a-z0-9./_-]{2,200}@sha256:[0-9a-f]{64}$/);

/**
 * What belongs to an account and not to the code: who deploys passes it as context (`cdk deploy --context deployment=<file>`). Without
 * it the values of {@link example} are taken, so that the synthesis needs no account.
 */
export const deploymentSchema = z.strictObject({
  account: z.string().regex(/^\d{12}$/),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  /** The second region of production's copies. */
  otherRegion: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  /** The names of two zones of the region: asked of no account. */
  zones: z.tuple([z.string().regex(/^[a-z0-9-]+[a-f]$/), z.string().regex(/^[a-z0-9-]+[a-f]$/)]),
  /** `api.` and `app.` stand before it. */
  domain: z.string().regex(/^[a-z0-9.-]+\.[a-z]{2,}$/),
  hostedZoneId: z.string().regex(/^Z[A-Z0-9]{5,31}$/),
  /** The image of all programs, by what is in it: a tag can move under a running service. */
  imageDigest: digest,
  /** Where images come from and go to: the place of the environment before, and the account of the next. Development has none before it, production none after. */
  promotion: z.strictObject({
    from: z.strictObject({
      account: z.string().regex(/^\d{12}$/),
      region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
    }),
    to: z.string().regex(/^\d{12}$/),
  }),
  /** Live versions of the worker, the newest first. */
  workerVersions: z
    .array(
      z.strictObject({
        build: z.string().regex(/^[a-z0-9.-]{1,40}$/),
        imageDigest: digest,
        state: z.enum(['current', 'ramping', 'draining']),
      }),
    )
    .min(1)
    .max(4),
  /**
   * Programs of others, each by what is in it: the collector of metrics and traces, and Temporal's tools and page where it runs on
   * Fargate. Its server is the image that infra/temporal/image makes of Temporal's own, in the registry beside ours.
   */
  images: z.strictObject({ collector: image, temporalServer: digest, temporalTools: image, temporalUi: image }),
  /** Where the bank of each network is. Development and staging have the simulator instead. */
  rails: z.strictObject({ instantUrl: z.url({ protocol: /^https$/ }) }),
  /** Repository and owner with their numeric ids, as GitHub writes them into the subject of its tokens. */
  repository: z.strictObject({
    owner: z.string().regex(/^[A-Za-z0-9-]+$/),
    ownerId: z.string().regex(/^\d+$/),
    name: z.string().regex(/^[A-Za-z0-9._-]+$/),
    nameId: z.string().regex(/^\d+$/),
  }),
  /** Who gets alarms and warnings of budgets. */
  alarmEmail: z.email(),
  /** The managed prefix list of CloudFront's addresses in this region. */
  cloudFrontPrefixList: z.string().regex(/^pl-[0-9a-f]{8,17}$/),
  /**
   * The group that AWS makes in the network with the first private origin of CloudFront (`CloudFront-VPCOrigins-Service-SG`). Null until
   * then: the list above stands for it, which has the addresses of all distributions.
   */
  privateOriginsGroup: z
    .string()
    .regex(/^sg-[0-9a-f]{8,17}$/)
    .nullable(),
  /** Temporal Cloud: the namespace's endpoint, and the service that a private link reaches. */
  temporalCloud: z.strictObject({
    /** Whether the namespace has a replica in another region: then its name leads to the region that is active. */
    isReplicated: z.boolean(),
    namespace: z.string().regex(/^[a-z0-9-]+\.[a-z0-9]+$/),
    serviceName: z.string().regex(/^com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]+$/),
  }),
  /** The bucket of checkpoints in a second account (docs/archive.md). */
  checkpoints: z.strictObject({
    account: z.string().regex(/^\d{12}$/),
    bucketPrefix: z.string().regex(/^[a-z0-9-]{3,50}$/),
  }),
});

/** One deployment of an environment, checked. */
export type Deployment = z.infer<typeof deploymentSchema>;

/** Values of nobody, with which everything can be synthesised and checked. */
export const example: Deployment = deploymentSchema.parse({
  account: '111111111111',
  region: 'eu-central-1',
  otherRegion: 'eu-west-1',
  zones: ['eu-central-1a', 'eu-central-1b'],
  domain: 'quittance.example.com',
  hostedZoneId: 'Z0000000EXAMPLE',
  imageDigest: `sha256:${'0'.repeat(64)}`,
  promotion: { from: { account: '111111111111', region: 'eu-central-1' }, to: '111111111111' },
  workerVersions: [{ build: '0.1.0', imageDigest: `sha256:${'0'.repeat(64)}`, state: 'current' }],
  images: {
    collector: `public.ecr.aws/aws-observability/aws-otel-collector@sha256:${'1'.repeat(64)}`,
    temporalServer: `sha256:${'2'.repeat(64)}`,
    temporalTools: `docker.io/temporalio/admin-tools@sha256:${'3'.repeat(64)}`,
    temporalUi: `docker.io/temporalio/ui@sha256:${'4'.repeat(64)}`,
  },
  rails: { instantUrl: 'https://instant.bank.example.com' },
  repository: { owner: 'example', ownerId: '1', name: 'quittance', nameId: '2' },
  alarmEmail: 'operations@example.com',
  cloudFrontPrefixList: 'pl-00000000',
  privateOriginsGroup: null,
  temporalCloud: {
    isReplicated: false,
    namespace: 'quittance.a1b2c',
    serviceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-00000000000000000',
  },
  checkpoints: { account: '222222222222', bucketPrefix: 'quittance-checkpoints' },
});
