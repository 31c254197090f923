import type { Context } from 'koa';
import { z } from 'zod';
import type { Log } from '../config/log.ts';
import { apiAway, keyRefused, malformed, refuse } from './answers.ts';
import type { SessionCookie } from './cookie.ts';
import { readJson, signInBytesMax } from './read-body.ts';
import type { Sessions } from './sessions.ts';
import { createTokenBuckets, type Rate } from './token-bucket.ts';

/** What the page of the codec server asks. */
export type SignInRoutes = { signIn: (ctx: Context) => Promise<void>; signOut: (ctx: Context) => Promise<void> };

/** Sign-ins that fail, of one address: five at once, and then one in twelve seconds. The API counts and limits them as well. */
const failuresRate: Rate = { burst: 5, perSecond: 1 / 12 };

export type SignInDeps = {
  sessions: Pick<Sessions, 'signIn' | 'end'>;
  cookie: SessionCookie;
  log: Pick<Log, 'info' | 'warn'>;
  countSignIn: (outcome: 'taken' | 'refused' | 'unknown' | 'slowed') => void;
  rate?: Rate;
};

const body = z.object({ key: z.string().max(128) });

export function createSignInRoutes(deps: SignInDeps): SignInRoutes {
  const { sessions, cookie, log, countSignIn, rate = failuresRate } = deps;
  const failures = createTokenBuckets(rate);
  const signIn = async (ctx: Context): Promise<void> => {
    const read = await readJson(ctx.req, signInBytesMax);
    const sent = read.ok ? body.safeParse(read.value) : null;
    if (!sent?.success) return refuse(ctx, read.ok ? malformed : read.refusal);
    const address = ctx.req.socket.remoteAddress;
    // Taken before the answer is known: tries that are made at once are counted too.
    const waitMs = failures.take(address ?? '');
    if (waitMs > 0) {
      countSignIn('slowed');
      return refuse(ctx, {
        ...{ status: 429, retryAfterMs: waitMs },
        message: 'Too many sign-ins failed. Wait a moment, and try again.',
      });
    }
    const result = await sessions.signIn(sent.data.key, address);
    countSignIn(result.judged);
    if (result.judged !== 'refused') failures.giveBack(address ?? '');
    if (result.judged === 'unknown') return refuse(ctx, apiAway);
    if (result.judged === 'refused') {
      log.warn({ audit: 'refused', address }, 'a sign-in was refused');
      return refuse(ctx, keyRefused);
    }
    const { operator, token } = result;
    log.info({ audit: 'signed_in', key: operator.keyId, keyName: operator.keyName, address }, 'an operator signed in');
    cookie.write(ctx, token);
    ctx.body = { message: `Signed in as ${operator.keyName} (${operator.keyId}) for 15 minutes.` };
  };
  const signOut = async (ctx: Context): Promise<void> => {
    sessions.end(cookie.read(ctx));
    cookie.write(ctx, null);
    ctx.body = { message: 'Signed out.' };
  };
  return { signIn, signOut };
}
