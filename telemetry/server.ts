import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

export type PageAnswer = { status: number; type: string; body: string };
/** One page of the telemetry server. A page that throws is answered with 500. */
export type Page = () => Promise<PageAnswer>;

/** A page in JSON. */
export const json = (status: number, body: object): PageAnswer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

/**
 * Serves health and metrics by path, on their own port that no load balancer exposes. Resolves when the
 * port is open; throws when it is in use.
 */
export async function serveTelemetry(
  pages: Readonly<Record<string, Page>>,
  { port, host }: { port: number; host: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ''] ?? (async () => json(404, { status: 'not_found' }));
    // A collector that fails is an empty scrape, which Prometheus reports as down.
    const answered = page().catch(() => json(500, { status: 'failed' }));
    void answered.then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
