import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** Serves `/metrics` for Prometheus, on a port of its own that no load balancer shows to the world. */
export const createMetricsServer = (registry: Registry): Server =>
  createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      // A collector that fails is an empty scrape, which Prometheus reports as down.
      () => response.writeHead(500).end(),
    );
  });
