import type { Log } from '../../../config/log.ts';
import { toPublic } from '../../../domain/ids.ts';
import type { Metrics } from '../../metrics.ts';
import type { Middleware } from './state.ts';

/** Writes one log line and one measurement per answer: route, result, duration. Never the content. */
export const logOutcome =
  (log: Log, metrics: Metrics): Middleware =>
  async (ctx, next) => {
    const started = performance.now();
    metrics.inFlight.inc();
    try {
      await next();
    } finally {
      metrics.inFlight.dec();
      const ms = performance.now() - started;
      const route = ctx.state.route ?? 'none';
      metrics.requests.observe({ method: ctx.method, route, status: String(ctx.status) }, ms / 1_000);
      const { requestId, caller, code } = ctx.state;
      const line = {
        requestId,
        method: ctx.method,
        route,
        status: ctx.status,
        ms: Math.round(ms),
        code,
        // The ids that clients and operators know.
        tenant: caller && toPublic('tenant', caller.tenantId),
        key: caller && toPublic('apiKey', caller.keyId),
        from: ctx.state.clientAddress,
      };
      log[levelOf(route, ctx.status)](line, 'answered');
    }
  };

/** Probes come every few seconds from each load balancer: good answers to them are no outcome that anybody looks for. */
const probes = ['/ping', '/health'];

function levelOf(route: string, status: number): 'error' | 'info' | 'debug' {
  if (status === 500) return 'error';
  return probes.includes(route) && status < 400 ? 'debug' : 'info';
}
