import { cancellationSignal } from '@temporalio/activity';
import type pg from 'pg';
import { createTaskGroup } from '../../concurrency/task-group.ts';
import type { Log } from '../../config/log.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import { createHttpClient } from '../../http-client/http-client.ts';
import { disableEndpoint } from '../../ledger/notices/disable.ts';
import { dueNotices } from '../../ledger/notices/due.ts';
import { observeEndpoint } from '../../ledger/notices/observe-endpoint.ts';
import { restartNotices } from '../../ledger/notices/restart.ts';
import { readNoticeEvents } from '../../ledger/worker-reads/notice-events.ts';
import type { DeliverInput, DeliverResult } from '../../workflows/contract/steps.ts';
import { type Waits, waitsOf } from '../../workflows/contract/waits.ts';
import type { DeliveryDecision } from './decision.ts';
import { beginPass, type Pass } from './pass.ts';
import { type Endpoint, type SendTools, sendNotice } from './send-notice.ts';
import { createTenantBound } from './tenant-bound.ts';
import { type NoticeTerms, noticeTerms, retriedForMs } from './terms.ts';
import { createGuardedLookup, type UrlRules, urlRules } from './url-guard.ts';

export type DeliverDeps = {
  pool: pg.Pool;
  log: Pick<Log, 'debug' | 'info' | 'warn'>;
  /** Notices may go to plain http and to this machine: for a laptop, never for production. */
  allowPrivate: boolean;
  /** The platform's own ports, which they may never go to. */
  ownPorts?: readonly number[];
  terms?: NoticeTerms;
  rules?: UrlRules;
  /** Aborted when this process stops: no new request begins, those in flight are finished and settled. */
  stopping?: AbortSignal;
};

/**
 * Sends a webhook endpoint the notices that are due: in order per subject, in parallel across subjects. A notice is
 * settled after it was sent, so it may come twice, under the same `webhook-id`; it is never lost. Throws when the database does not answer.
 *
 *   1. read      the endpoint: nothing is sent to one that is disabled or paused
 *   2. restart   what waits for an endpoint that starts over, in slices
 *   3. send      what is due, until nothing is, the receiver is down, or the time is over
 *   4. observe   write what was seen: the next pause, or that the receiver works
 */
export const deliver = (deps: DeliverDeps) => {
  const rules = deps.rules ?? urlRules(deps);
  const terms = deps.terms ?? noticeTerms;
  const stopping = deps.stopping ?? new AbortController().signal;
  const tenants = createTenantBound(terms.passesPerTenantMax);
  return async (input: DeliverInput): Promise<DeliverResult> => {
    const { endpointId } = input;
    const { endpoint: found, waitMs } = await dueNotices(deps.pool, endpointId, 0);
    if (!found || found.status === 'disabled') return nothing(null);
    if (found.pausedMs > 0) return nothing(waitMs === null ? null : found.pausedMs);
    if (!tenants.begin(found.tenantId)) return nothing(terms.tenantBusyMs);
    // One per pass: connections are kept while there is something to send, and closed after it.
    const lookup = createGuardedLookup(rules);
    const client = createHttpClient({ connections: terms.concurrency, keepAliveMs: terms.timeoutMs, lookup });
    const tools = { ...deps, rules, terms, stopping, client, signal: cancellationSignal() };
    try {
      const endpoint = { ...found, id: endpointId };
      if (endpoint.isRestarting) await restart(endpointId, tools);
      const pass = beginPass(endpoint, terms);
      const nextMs = await sendDue(endpoint, pass, tools);
      return await conclude(endpoint, { pass, nextMs, waits: waitsOf(input) }, tools);
    } finally {
      client.close();
      tenants.end(found.tenantId);
    }
  };
};

type Tools = SendTools & Pick<DeliverDeps, 'log'> & { stopping: AbortSignal };

const nothing = (waitMs: number | null): DeliverResult => ({ delivered: 0, failed: 0, waitMs });

async function restart(endpointId: Uuid, { pool, terms, signal }: Tools): Promise<void> {
  while (!signal.aborted && (await restartNotices(pool, endpointId, terms.restartsPerCall)));
}

/** Returns how long until the next notice is due; null when none is left. */
async function sendDue(endpoint: Endpoint, pass: Pass, tools: Tools): Promise<number | null> {
  const { pool, terms, signal, stopping } = tools;
  const tasks = createTaskGroup();
  const inFlight = new Set<Uuid>();
  const endsAt = performance.now() + terms.budgetMs;
  const mayBegin = (): boolean =>
    performance.now() < endsAt && !(tasks.hasFailed() || pass.isOver() || signal.aborted || stopping.aborted);
  const onDecision = disableOnce(endpoint, pass, tools);
  try {
    while (mayBegin()) {
      // Copied before the read of due notices: one that is settled in between is in the next read.
      const busy = new Set(inFlight);
      const due = await dueNotices(pool, endpoint.id, terms.perRead);
      if (due.endpoint?.status !== 'enabled') return null;
      if (due.endpoint.isRestarting) return 0;
      const fresh = due.notices.filter(({ subjectId }) => !busy.has(subjectId));
      if (fresh.length === 0 && busy.size === 0) return due.waitMs;
      if (fresh.length === 0) await tasks.waitForOne();
      const events = await readNoticeEvents(pool, fresh);
      for (const notice of fresh) {
        while (tasks.size() >= pass.requestsMax()) await tasks.waitForOne();
        if (!mayBegin()) break;
        const event = events.find(({ id }) => id === notice.eventId);
        const sending = sendNotice({ endpoint: { ...endpoint, ...due.endpoint }, notice, event }, tools, onDecision);
        inFlight.add(notice.subjectId);
        void tasks.start(sending.finally(() => inFlight.delete(notice.subjectId)));
      }
    }
  } finally {
    await tasks.waitForAll();
  }
  return 0;
}

/** Counts a decision; the first that says so disables the endpoint, before its notice is settled. */
function disableOnce(endpoint: Endpoint, pass: Pass, tools: Tools) {
  return async (decision: DeliveryDecision): Promise<void> => {
    const isFirst = decision.outcome === 'given_up' && pass.goneReason() === null;
    pass.count(decision);
    if (isFirst) await disable(endpoint, decision.reason, tools);
  };
}

async function conclude(
  endpoint: Endpoint,
  { pass, nextMs, waits }: { pass: Pass; nextMs: number | null; waits: Waits },
  tools: Tools,
): Promise<DeliverResult> {
  const { delivered, failed, askedMs } = pass.seen();
  const after = (waitMs: number | null): DeliverResult => ({ delivered, failed, waitMs });
  if (pass.goneReason() !== null) return after(null);
  const isNews = failed > 0 || (endpoint.isFailing && delivered > 0);
  if (!isNews) return after(nextMs);
  const isDown = pass.isDown();
  const health = await observeEndpoint(
    tools.pool,
    { endpointId: endpoint.id, delivered, isDown, askedMs },
    { firstMs: waits.deliveryPauseFirstMs, maxMs: waits.deliveryPauseMaxMs },
  );
  // With many notices waiting, each is tried too rarely to use up its tries.
  if (isDown && delivered === 0 && health.failingMs > retriedForMs(tools.terms)) {
    await disable(endpoint, 'it accepted no notice for as long as one is retried', tools);
    return after(null);
  }
  return after(nextMs === null ? null : Math.max(nextMs, health.waitMs));
}

async function disable({ id, tenantId }: Endpoint, reason: string, { pool, log }: Tools): Promise<void> {
  if (!(await disableEndpoint(pool, { endpointId: id, reason }))) return;
  const fact = { endpoint: toPublic('webhookEndpoint', id), tenant: toPublic('tenant', tenantId), reason };
  log.warn(fact, 'endpoint disabled');
}
