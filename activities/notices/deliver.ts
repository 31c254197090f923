import { randomUUIDv7 } from 'node:crypto';
import { cancellationSignal } from '@temporalio/activity';
import type pg from 'pg';
import { createTaskGroup } from '../../concurrency/task-group.ts';
import type { Log } from '../../config/log.ts';
import { check } from '../../domain/check.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import { createHttpClient, type HttpClient } from '../../http-client/http-client.ts';
import { changeEndpoint } from '../../ledger/notices/change-webhook-endpoint.ts';
import { type DueNotice, type DueNotices, dueNotices } from '../../ledger/notices/due.ts';
import { settleNotice } from '../../ledger/notices/settle.ts';
import { type NoticeEvent, readNoticeEvents } from '../../ledger/work/notice-events.ts';
import type { DeliverInput, DeliverResult } from '../../workflows/contract/steps.ts';
import { type DeliveryDecision, decide } from './decision.ts';
import { toPayload } from './payload.ts';
import { post } from './post.ts';
import { type NoticeTerms, noticeTerms } from './terms.ts';
import { createGuardedLookup, type UrlRules, urlRules } from './url-guard.ts';

export type DeliverDeps = {
  pool: pg.Pool;
  log: Pick<Log, 'debug' | 'info' | 'warn'>;
  /** Notices may go to plain http and to private addresses: for a laptop, never for production. */
  allowPrivate: boolean;
  terms?: NoticeTerms;
  rules?: UrlRules;
  /** Aborted when this process stops: no new request begins, those in flight are finished and settled. */
  stopping?: AbortSignal;
};

/**
 * Sends a webhook endpoint the notices that are due: in order per transfer, in parallel across transfers. A notice is
 * settled after it was sent, so it may come twice, under the same `webhook-id`; it is never lost. Throws when the database does not answer.
 */
export const deliver = (deps: DeliverDeps) => {
  const rules = deps.rules ?? urlRules(deps);
  const terms = deps.terms ?? noticeTerms;
  const stopping = deps.stopping ?? new AbortController().signal;
  return async ({ endpointId }: DeliverInput): Promise<DeliverResult> => {
    // One per pass: connections are kept while there is something to send, and closed after it.
    const lookup = createGuardedLookup(rules);
    const client = createHttpClient({ connections: terms.concurrency, keepAliveMs: terms.timeoutMs, lookup });
    try {
      const tools = { ...deps, rules, terms, stopping, client, signal: cancellationSignal() };
      return await passOver(endpointId, tools);
    } finally {
      client.close();
    }
  };
};

type Tools = Required<DeliverDeps> & { client: HttpClient; signal: AbortSignal };
type Endpoint = NonNullable<DueNotices['endpoint']> & { id: Uuid };
type Pass = {
  delivered: number;
  failed: number;
  failuresInRow: number;
  /** The time of the oldest event that failed, in milliseconds since 1970. */
  oldestFailedAt: number;
  isDisabled: boolean;
};

async function passOver(endpointId: Uuid, tools: Tools): Promise<DeliverResult> {
  const { pool, terms } = tools;
  const pass = emptyPass();
  const tasks = createTaskGroup();
  const inFlight = new Set<Uuid>();
  const endsAt = performance.now() + terms.budgetMs;
  const mayBegin = () => performance.now() < endsAt && !tasks.hasFailed() && !isOver(pass, tools);
  try {
    while (mayBegin()) {
      // Copied before the read of due notices: one that is settled in between is in the next read.
      const busy = new Set(inFlight);
      const due = await dueNotices(pool, endpointId, terms.perRead);
      if (!due.endpoint || due.endpoint.status === 'disabled') return answer(pass, null);
      const fresh = due.notices.filter(({ transferId }) => !busy.has(transferId));
      if (fresh.length === 0 && busy.size === 0) return answer(pass, due.waitMs);
      if (fresh.length === 0) await tasks.waitForOne();
      const events = await readNoticeEvents(pool, fresh);
      for (const notice of fresh) {
        while (tasks.size() >= terms.concurrency) await tasks.waitForOne();
        if (!mayBegin()) break;
        const sending = send({ ...due.endpoint, id: endpointId }, notice, { events, pass, tools });
        inFlight.add(notice.transferId);
        void tasks.start(sending.finally(() => inFlight.delete(notice.transferId)));
      }
    }
  } finally {
    await tasks.waitForAll();
  }
  return answer(pass, pass.isDisabled ? null : 0, isDown(pass, terms));
}

const emptyPass = (): Pass => ({
  delivered: 0,
  failed: 0,
  failuresInRow: 0,
  oldestFailedAt: Number.POSITIVE_INFINITY,
  isDisabled: false,
});

const answer = ({ delivered, failed }: Pass, waitMs: number | null, down = false): DeliverResult => ({
  delivered,
  failed,
  waitMs,
  isDown: down,
});

const isDown = (pass: Pass, terms: NoticeTerms): boolean => pass.failuresInRow >= terms.failuresInRowMax;

const isOver = (pass: Pass, { terms, signal, stopping }: Tools): boolean =>
  isDown(pass, terms) || pass.isDisabled || signal.aborted || stopping.aborted;

async function send(
  endpoint: Endpoint,
  notice: DueNotice,
  { events, pass, tools }: { events: NoticeEvent[]; pass: Pass; tools: Tools },
): Promise<void> {
  const event = events.find(({ id }) => id === notice.eventId);
  check(event, 'a notice is due for an event that the ledger has');
  const noticeId = toPublic('event', event.id);
  const startedAt = performance.now();
  const reply = await post(
    { url: endpoint.url, secret: endpoint.secret, noticeId, body: toPayload(event) },
    { client: tools.client, rules: tools.rules, limits: tools.terms, signal: tools.signal },
  );
  const tryN = notice.tries + 1;
  const decision = decide(reply, tools.terms, { noticeId: `${noticeId} ${endpoint.id}`, tryN });
  count(pass, decision.outcome, notice);
  const reason = decision.outcome === 'given_up' ? decision.reason : downTooLong(pass, tools.terms);
  // Before the notice is settled: a crash in between sends one notice too many, and does not retry an endpoint without an end.
  if (reason !== null && !pass.isDisabled) {
    pass.isDisabled = true;
    await disable(endpoint, reason, tools);
  }
  const { status, error } = reply;
  const tookMs = Math.round(performance.now() - startedAt);
  const { transferId, version } = notice;
  await settleNotice(tools.pool, {
    ...{ id: randomUUIDv7(), endpointId: endpoint.id, transferId, version, tryN, outcome: decision.outcome },
    ...{ status, error: error ?? decision.reason, tookMs, nextInMs: decision.nextInMs },
  });
  const fact = {
    endpoint: toPublic('webhookEndpoint', endpoint.id),
    event: noticeId,
    try: tryN,
    status,
    error,
    tookMs,
  };
  if (decision.outcome === 'delivered') tools.log.debug(fact, 'notice delivered');
  else tools.log.info(fact, `notice ${decision.outcome}`);
}

function count(pass: Pass, outcome: DeliveryDecision['outcome'], { eventAt }: DueNotice): void {
  if (outcome === 'delivered') {
    pass.delivered += 1;
    pass.failuresInRow = 0;
    return;
  }
  pass.failed += 1;
  pass.failuresInRow += 1;
  pass.oldestFailedAt = Math.min(pass.oldestFailedAt, Date.parse(eventAt));
}

/**
 * Why an endpoint that accepts nothing is disabled although no single notice has used up its tries: with many waiting, each is
 * tried too rarely for that. Null unless it is down for as long as one notice would be retried.
 */
function downTooLong(pass: Pass, terms: NoticeTerms): string | null {
  const triedForMs = terms.retryMs.reduce((sum, wait) => sum + wait, 0);
  const isLong = Date.now() - pass.oldestFailedAt > triedForMs;
  return isDown(pass, terms) && pass.delivered === 0 && isLong
    ? 'it accepted no notice for as long as one is retried'
    : null;
}

async function disable(endpoint: Endpoint, reason: string, { pool, log }: Tools): Promise<void> {
  const { id, tenantId } = endpoint;
  const change = { url: null, description: null, status: 'disabled' as const, reason, actor: 'delivery' };
  await changeEndpoint(pool, { id, tenantId, ...change });
  log.warn(
    { endpoint: toPublic('webhookEndpoint', id), tenant: toPublic('tenant', tenantId), reason },
    'endpoint disabled',
  );
}
