import type { Client } from '@temporalio/client';
import type { Env } from './env.ts';

/** A server in the same network connects within milliseconds; a failed start should say so soon. */
const connectTimeoutMs = 5_000;

/** Options of a client's `Connection`. The client never compresses, so there is nothing to turn off. */
export const toClientConnection = (temporal: Env['temporal']) => ({
  address: temporal.address,
  connectTimeout: connectTimeoutMs,
});

/**
 * Options of a worker's `NativeConnection`. Gzip is off: between machines of one network it costs more processor time
 * than it saves bytes (measured: up to 42 % of a worker's throughput).
 */
export const toWorkerConnection = (temporal: Env['temporal']) => ({
  address: temporal.address,
  grpcCompression: { codec: 'none' as const },
});

/** How long Temporal may take to say that it works. */
const askMaxMs = 1_000;

/**
 * Asks Temporal about its namespace, which needs its database; its front end alone would answer without one. Throws when there is no
 * answer within a second, or no such namespace.
 */
export const askTemporal = ({ connection, options: { namespace } }: Client): Promise<unknown> =>
  connection.withDeadline(Date.now() + askMaxMs, () => connection.workflowService.describeNamespace({ namespace }));

/** The page of a workflow in Temporal's own console. */
export const workflowUrl = (temporal: Env['temporal'], workflowId: string): string =>
  new URL(`namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}`, `${temporal.uiUrl}/`).href;
