/** The roles of Temporal's server, each a program that finds the others by a table of its database. */
export const temporalRoles = ['frontend', 'history', 'matching', 'worker'] as const;
export type TemporalRole = (typeof temporalRoles)[number];

/** The ports of each role: for calls, and for who is alive. */
export const temporalPorts: Readonly<Record<TemporalRole, { calls: number; members: number }>> = {
  frontend: { calls: 7233, members: 6933 },
  history: { calls: 7234, members: 6934 },
  matching: { calls: 7235, members: 6935 },
  worker: { calls: 7239, members: 6939 },
};

/** Where a server's figures are, for the collector beside it. */
export const temporalMetricsPort = 9090;

/** Connections of each role to its two databases. */
export const temporalConnections = { store: 20, visibility: 10 } as const;

/** In development all four roles are one process on the ledger's server, and count against its connections. */
export const oneConnections = { store: 2, visibility: 1 } as const;
export const allInOneConnections = temporalRoles.length * (oneConnections.store + oneConnections.visibility);
