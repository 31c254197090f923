/** A program as a service of ECS, with the tasks that it has at least. */
export type WatchedProgram = { id: string; name: string; tasksMin: number };

/** A database server. `storageGiB` is that of an instance of RDS; Aurora's grows by itself, and what is local to a server does not. */
export type WatchedInstance = { id: string; identifier: string; storageGiB: number | null; instance: string };

/** What alarms and dashboards know of what they watch: names, and nothing of the constructs behind them. */
export type Watched = {
  balancer: string;
  /** The ARN of the balancer's certificate. */
  certificate: string;
  blue: string;
  green: string;
  cluster: string;
  programs: readonly WatchedProgram[];
  database: { instances: readonly WatchedInstance[]; aurora: string | null; maxConnections: number };
  /** Cache nodes, by the ids that CloudWatch knows. */
  cacheNodes: readonly string[];
  receipts: { queue: string; failed: string };
  people: { pool: string; client: string };
  signInEvents: string;
};
