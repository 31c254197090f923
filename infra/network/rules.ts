/** Who has a security group of its own. */
export const layers = [
  ...(['balancer', 'api', 'worker', 'simulator', 'migration', 'operator', 'smoke', 'scaler', 'codecServer'] as const),
  ...(['temporal', 'temporalUi', 'database', 'temporalDatabase', 'cache', 'endpoints'] as const),
] as const;
export type Layer = (typeof layers)[number];

/** CloudFront's own addresses, by AWS's list of them; and everywhere, which only ways out may lead to. */
export type Outside = 'cloudFront' | 'anywhere';

/** That one may connect to the other, on a port or from a port to a port. Both groups say it: out of one, into the other. */
export type SecurityRule = {
  from: Layer | 'cloudFront';
  to: Layer | 'anywhere';
  port: number | readonly [number, number];
  why: string;
};

/** Everything that runs as a task, or as a function in the network. */
const running = [
  ...(['api', 'worker', 'simulator', 'migration', 'operator', 'smoke', 'scaler', 'codecServer'] as const),
  ...(['temporal', 'temporalUi'] as const),
] as const;

/**
 * Every connection that is allowed, and there is no other: between groups, never between addresses. Nothing leads to the ports of metrics,
 * because the collector runs beside each program in its task; nothing leads from a worker to the API, nor out of a database.
 */
export const securityRules: readonly SecurityRule[] = [
  { from: 'cloudFront', to: 'balancer', port: 443, why: 'the only way in: CloudFront, by its own addresses' },
  { from: 'smoke', to: 'balancer', port: 8443, why: 'the test listener, which shows a release before clients see it' },
  { from: 'balancer', to: 'api', port: 3001, why: 'requests and health checks' },

  { from: 'api', to: 'database', port: 5432, why: 'the ledger' },
  { from: 'worker', to: 'database', port: 5432, why: 'the ledger' },
  { from: 'migration', to: 'database', port: 5432, why: 'migrations, and the login of each program' },
  { from: 'operator', to: 'database', port: 5432, why: "operators' commands" },
  { from: 'temporal', to: 'database', port: 5432, why: "development: Temporal's databases are beside the ledger's" },
  { from: 'temporal', to: 'temporalDatabase', port: 5432, why: "Temporal's own database" },

  { from: 'api', to: 'cache', port: 6379, why: 'balances and rate limits' },
  { from: 'worker', to: 'cache', port: 6379, why: 'balances' },

  { from: 'api', to: 'temporal', port: 7233, why: 'starts and asks workflows' },
  { from: 'worker', to: 'temporal', port: 7233, why: 'takes tasks' },
  { from: 'scaler', to: 'temporal', port: 7233, why: 'asks what waits' },
  { from: 'operator', to: 'temporal', port: 7233, why: 'commands about runs and versions' },
  { from: 'temporalUi', to: 'temporal', port: 7233, why: 'shows workflows' },
  { from: 'temporal', to: 'temporal', port: [7233, 7239], why: 'calls between the roles of the server' },
  { from: 'temporal', to: 'temporal', port: [6933, 6939], why: 'membership of the ring' },

  { from: 'worker', to: 'simulator', port: 4010, why: "the banks' simulator" },
  { from: 'operator', to: 'simulator', port: 4010, why: 'verification against what its bank took' },

  ...running.map((from): SecurityRule => ({ from, to: 'endpoints', port: 443, why: 'AWS without the internet' })),
  ...running.map(
    (from): SecurityRule => ({
      from,
      to: 'anywhere',
      port: 443,
      why: 'AWS where it has no endpoint; images; banks and webhooks',
    }),
  ),
];
