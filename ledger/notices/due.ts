import type pg from 'pg';
import type { SubjectType } from '../../domain/event.ts';
import { call } from '../call.ts';

/** A notice that must still be sent. Of each subject only the oldest is due, so that its events arrive in order. */
export type DueNotice = {
  eventId: string;
  subjectType: SubjectType;
  subjectId: string;
  version: number;
  tries: number;
  eventAt: string;
};

/**
 * The endpoint that they go to. `isRestarting`: what waits starts over first (`restartNotices`). `isFailing`: its last pass
 * delivered nothing; `wasDown`: it was paused for that. `pausedMs`: how long nothing may be sent to it.
 */
export type DueEndpoint = {
  url: string;
  secret: string;
  /** Signs beside the other until the end of a rotation; null when there is none. */
  oldSecret: string | null;
  status: 'enabled' | 'disabled';
  tenantId: string;
  isRestarting: boolean;
  isFailing: boolean;
  wasDown: boolean;
  pausedMs: number;
};

/** What an endpoint has waiting. `endpoint` is null when it was deleted; `waitMs` is null when nothing is left. */
export type DueNotices = {
  endpoint: DueEndpoint | null;
  notices: DueNotice[];
  waitMs: number | null;
};

/** Reads at most `limit` (500) due notices of an endpoint. Rules: ledger.due_notices. */
export async function dueNotices(pool: pg.Pool, endpointId: string, limit: number): Promise<DueNotices> {
  const row = await call<DueRow>(pool, 'select ledger.due_notices($1, $2) as answer', [endpointId, limit]);
  return {
    endpoint: row.endpoint && {
      url: row.endpoint.url,
      secret: row.endpoint.secret,
      oldSecret: row.endpoint.old_secret,
      status: row.endpoint.status,
      tenantId: row.endpoint.tenant_id,
      isRestarting: row.endpoint.is_restarting,
      isFailing: row.endpoint.is_failing,
      wasDown: row.endpoint.was_down,
      pausedMs: row.endpoint.paused_ms,
    },
    notices: row.notices.map((notice) => ({
      eventId: notice.event_id,
      subjectType: notice.subject_type,
      subjectId: notice.subject_id,
      version: notice.version,
      tries: notice.tries,
      eventAt: notice.event_at,
    })),
    waitMs: row.wait_ms,
  };
}

type DueRow = {
  endpoint: {
    url: string;
    secret: string;
    old_secret: string | null;
    status: 'enabled' | 'disabled';
    tenant_id: string;
    is_restarting: boolean;
    is_failing: boolean;
    was_down: boolean;
    paused_ms: number;
  } | null;
  notices: {
    event_id: string;
    subject_type: SubjectType;
    subject_id: string;
    version: number;
    tries: number;
    event_at: string;
  }[];
  wait_ms: number | null;
};
