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

/** `/metrics` for Prometheus: the registry, and what `alsoFrom` reads. */
export const metricsPage =
  (registry: Registry, { alsoFrom = async () => '' }: { alsoFrom?: () => Promise<string> } = {}): Page =>
  async () => ({
    status: 200,
    type: registry.contentType,
    body: (await registry.metrics()) + (await alsoFrom()),
  });

/** A page of another port of this process; empty when it does not answer. */
export async function readPage(url: string): Promise<string> {
  try {
    const { body } = await request(url, { headersTimeout: scrapeMaxMs, bodyTimeout: scrapeMaxMs });
    return await body.text();
  } catch {
    return '';
  }
}
