import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Worker } from '@temporalio/worker';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { request } from 'undici';

const scrapeMostMs = 2_000;

/**
 * `/health`: the process lives. `/ready`: it takes work and its database answers. `/metrics`: the process, and Temporal's
 * own figures, for Prometheus. Resolves when the port is open; throws when it is taken.
 */
export async function serveHealth({
  port,
  host,
  workers,
  askDatabase,
  temporalMetricsUrl,
}: {
  port: number;
  host: string;
  workers: readonly Worker[];
  askDatabase: () => Promise<unknown>;
  temporalMetricsUrl: string;
}): Promise<Server> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'quittance_worker_' });
  const states = () => workers.map((worker) => ({ queue: worker.options.taskQueue, state: worker.getState() }));

  const answers: Record<string, () => Promise<{ status: number; type: string; body: string }>> = {
    '/health': async () => json(200, { status: 'ok', workers: states() }),
    '/ready': async () => {
      const isRunning = states().every(({ state }) => state === 'RUNNING');
      // Whatever is wrong with the database, the answer is the same no.
      const hasDatabase = await askDatabase().then(
        () => true,
        () => false,
      );
      return json(isRunning && hasDatabase ? 200 : 503, { workers: states(), database: hasDatabase });
    },
    '/metrics': async () => ({
      status: 200,
      type: registry.contentType,
      body: (await registry.metrics()) + (await scrape(temporalMetricsUrl)),
    }),
  };

  const server = createServer((incoming, outgoing) => {
    const answer = answers[incoming.url ?? ''] ?? (async () => json(404, { status: 'not_found' }));
    void answer().then(({ status, type, body }) => outgoing.writeHead(status, { 'content-type': type }).end(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return server;
}

const json = (status: number, body: object) => ({ status, type: 'application/json', body: JSON.stringify(body) });

/** Temporal's core serves its figures on a port of its own. Without them ours are still worth having. */
async function scrape(url: string): Promise<string> {
  try {
    const { body } = await request(url, { headersTimeout: scrapeMostMs, bodyTimeout: scrapeMostMs });
    return await body.text();
  } catch {
    return '';
  }
}

/** A port that is free now, on this machine only. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on TCP has such an address
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
