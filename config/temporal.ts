import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Client } from '@temporalio/client';
import type { Env } from './env.ts';

/** A server in the same network connects within milliseconds; a failed start should say so soon. */
const connectTimeoutMs = 5_000;

/** Options of a client's `Connection`. The client never compresses, so there is nothing to turn off. */
export const toClientConnection = (temporal: Env['temporal']) => ({
  address: temporal.address,
  connectTimeout: connectTimeoutMs,
  ...securityOf(temporal),
});

/**
 * Options of a worker's `NativeConnection`. Gzip is off: between machines of one network it costs more processor time
 * than it saves bytes (measured: up to 42 % of a worker's throughput).
 */
export const toWorkerConnection = (temporal: Env['temporal']) => ({
  address: temporal.address,
  grpcCompression: { codec: 'none' as const },
  ...securityOf(temporal),
});

/** How long Temporal may take to say that it works. */
const askMaxMs = 1_000;

/**
 * Asks Temporal about its namespace, which needs its database; its front end alone would answer without one. Throws when there is no
 * answer within a second, or no such namespace.
 */
export const askTemporal = ({ connection, options: { namespace } }: Client): Promise<unknown> =>
  connection.withDeadline(Date.now() + askMaxMs, () => connection.workflowService.describeNamespace({ namespace }));
/** TLS and the key, in the form that both connections take. */
function securityOf({ apiKey, tls }: Env['temporal']) {
  return {
    tls: tls && {
      ...(tls.serverName !== null && { serverNameOverride: tls.serverName }),
      ...(tls.ca !== null && { serverRootCACertificate: Buffer.from(tls.ca) }),
      ...(tls.client && {
        clientCertPair: { crt: Buffer.from(tls.client.cert), key: Buffer.from(tls.client.key.reveal()) },
      }),
    },
    ...(apiKey && { apiKey: apiKey.reveal() }),
  };
}

/**
 * Why the handshake with Temporal fails, or null when it does not, or there is none: the client itself only says that it
 * waited too long. Throws nothing.
 */
export async function temporalTlsFault({ address, tls }: Env['temporal']): Promise<unknown> {
  if (!tls) return null;
  const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  const options = {
    ...{ host, port: Number(port), ALPNProtocols: ['h2'] },
    ...(tls.ca !== null && { ca: tls.ca }),
    ...(tls.client && { cert: tls.client.cert, key: tls.client.key.reveal() }),
    ...(isIP(tls.serverName ?? host) === 0 && { servername: tls.serverName ?? host }),
  };
  const socket = connect(options);
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(connectTimeoutMs) });
    return null;
  } catch (error) {
    return error;
  } finally {
    socket.destroy();
  }
}

/** The page of a workflow in Temporal's own console. */
export const workflowUrl = (temporal: Env['temporal'], workflowId: string): string =>
  new URL(`namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}`, `${temporal.uiUrl}/`).href;
