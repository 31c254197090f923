import { collectDefaultMetrics, Registry } from 'prom-client';
import { request } from 'undici';
import type { Page } from './server.ts';

/** Below the scrape timeout of Prometheus (10 s). */
const scrapeMaxMs = 2_000;

/** The registry of a program, with the figures of its process (processor, memory, event loop) under its prefix. One per process. */
export function createRegistry({ prefix }: { prefix: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix });
  return registry;
}

/** `/metrics` for Prometheus: the registry, and the page of another address of this process when `alsoFrom` names one. */
export const metricsPage =
  (registry: Registry, { alsoFrom }: { alsoFrom?: string } = {}): Page =>
  async () => ({
    status: 200,
    type: registry.contentType,
    body: (await registry.metrics()) + (alsoFrom === undefined ? '' : await scrape(alsoFrom)),
  });

/** Temporal's core serves its metrics on its own port. Without them the page has only ours. */
async function scrape(url: string): Promise<string> {
  try {
    const { body } = await request(url, { headersTimeout: scrapeMaxMs, bodyTimeout: scrapeMaxMs });
    return await body.text();
  } catch {
    return '';
  }
}
