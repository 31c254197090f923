import { randomUUIDv7 } from 'node:crypto';
import type pg from 'pg';
import type { Log } from '../../config/log.ts';
import { check } from '../../domain/check.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { HttpClient } from '../../http-client/http-client.ts';
import type { DueEndpoint, DueNotice } from '../../ledger/notices/due.ts';
import { settleNotice } from '../../ledger/notices/settle.ts';
import type { NoticeEvent } from '../../ledger/worker-reads/notice-events.ts';
import { type DeliveryDecision, decide } from './decision.ts';
import { toPayload } from './payload.ts';
import { post } from './post.ts';
import type { NoticeTerms } from './terms.ts';
import type { UrlRules } from './url-guard.ts';

/** What one pass sends with. */
export type SendTools = {
  pool: pg.Pool;
  log: Pick<Log, 'debug' | 'info'>;
  client: HttpClient;
  rules: UrlRules;
  terms: NoticeTerms;
  signal: AbortSignal;
};

export type Endpoint = DueEndpoint & { id: Uuid };

/**
 * Sends one notice and settles it. `onDecision` learns what the try came to before that is written: a crash in between sends one
 * notice too many, and does not retry an endpoint without an end.
 */
export async function sendNotice(
  { endpoint, notice, event }: { endpoint: Endpoint; notice: DueNotice; event: NoticeEvent | undefined },
  tools: SendTools,
  onDecision: (decision: DeliveryDecision) => Promise<void>,
): Promise<void> {
  check(event, 'a notice is due for an event that the ledger has');
  const { client, rules, terms, signal, pool } = tools;
  const noticeId = toPublic('event', event.id);
  const secrets = [endpoint.secret, ...(endpoint.oldSecret === null ? [] : [endpoint.oldSecret])];
  const startedAt = performance.now();
  const reply = await post(
    { url: endpoint.url, secrets, noticeId, body: toPayload(event) },
    { client, rules, limits: terms, signal },
  );
  const tookMs = Math.round(performance.now() - startedAt);
  const tryN = notice.tries + 1;
  const decision = decide(reply, terms, { noticeId: `${noticeId} ${endpoint.id}`, tryN });
  await onDecision(decision);
  const { status, error } = reply;
  const { subjectId, version } = notice;
  await settleNotice(pool, {
    ...{ id: randomUUIDv7(), endpointId: endpoint.id, subjectId, version, tryN, outcome: decision.outcome },
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
