import type { PayloadCodec } from '@temporalio/common';
import type { Context } from 'koa';
import { apiAway, malformed, refuse } from './answers.ts';
import type { Audit } from './audit.ts';
import type { SessionCookie } from './cookie.ts';
import { decodeEach, wirePayloads } from './decode.ts';
import { createPlaces } from './places.ts';
import { bodyBytesMax, readJson } from './read-body.ts';
import type { Session, Sessions } from './sessions.ts';
import { createTokenBuckets, type Rate } from './token-bucket.ts';

/** `POST /decode` of Temporal's UI. */
export type DecodeRoute = (ctx: Context) => Promise<void>;

/** A page of the UI with a long history is a request for each of its events, six at a time; two such pages may come at once. */
const sessionRate: Rate = { burst: 4_000, perSecond: 200 };
/** Bodies in memory at once: of a session, a few more than a browser has connections, and of all. */
const places = { ofSession: 8, ofAll: 16 } as const;

export type DecodeDeps = {
  codec: PayloadCodec;
  sessions: Pick<Sessions, 'find'>;
  cookie: SessionCookie;
  audit: Pick<Audit, 'note'>;
  namespace: string;
  publicUrl: string;
  rate?: Rate;
};

/**
 * Checks who asks before anything is read: the session, its key, the namespace, the limits; and then decodes. There is no `/encode`: the UI needs
 * it only to start and to signal workflows, which is not done there.
 */
export function createDecodeRoute(deps: DecodeDeps): DecodeRoute {
  const { codec, sessions, cookie, audit, namespace, publicUrl, rate = sessionRate } = deps;
  const buckets = createTokenBuckets(rate);
  const taken = createPlaces(places);
  const answer = async (ctx: Context, { operator }: Session): Promise<void> => {
    const read = await readJson(ctx.req, bodyBytesMax);
    if (!read.ok) return refuse(ctx, read.refusal);
    const sent = wirePayloads.safeParse(read.value);
    if (!sent.success) return refuse(ctx, malformed);
    const { payloads, unreadable } = await decodeEach(codec, sent.data.payloads);
    audit.note(operator, { payloads: payloads.length, unreadable });
    ctx.type = 'application/json';
    ctx.body = JSON.stringify({ payloads });
  };
  return async (ctx) => {
    const session = await sessions.find(cookie.read(ctx), ctx.req.socket.remoteAddress);
    if (session === 'unknown') return refuse(ctx, apiAway);
    if (session === 'none')
      return refuse(ctx, {
        status: 401,
        message: `Sign in at ${publicUrl}/ with an API key that has the scope operations, and load this page again. Nothing was decoded.`,
      });
    if (ctx.get('x-namespace') !== namespace)
      return refuse(ctx, { status: 403, message: `Only payloads of the namespace ${namespace} are decoded here.` });
    const waitMs = buckets.take(session.id);
    const giveBack = waitMs === 0 ? taken.take(session.id) : null;
    if (giveBack === null)
      return refuse(ctx, {
        ...{ status: 429, retryAfterMs: Math.max(waitMs, 1_000) },
        message: 'Too many requests at once. Load the page again in a moment.',
      });
    try {
      await answer(ctx, session);
    } finally {
      giveBack();
    }
  };
}
