import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { JudgeKey, Judgement, Operator } from './judge-key.ts';

/** Milliseconds, and numbers of sessions. */
export type SessionTerms = {
  /** How long a sign-in lasts, however much it is used. */
  lifeMs: number;
  /** A key that was judged this long ago is judged again before anything is decoded: a revoked one decodes for so long at most. */
  judgedForMs: number;
  /** Sessions at once. One more ends that which was used least lately. */
  sessionsMax: number;
};

const sessionTerms: SessionTerms = { lifeMs: 15 * 60_000, judgedForMs: 20_000, sessionsMax: 200 };

/** A session that is going on. `id` names it in limits; nobody can sign in with it. */
export type Session = { id: string; operator: Operator };

/** What became of a sign-in. `token` is for the cookie. */
export type SignIn = Exclude<Judgement, { judged: 'taken' }> | { judged: 'taken'; token: string; operator: Operator };

/** Who is signed in, in the memory of this process. */
export type Sessions = {
  signIn: JudgeSignIn;
  /** `none`: no such session, or it is over. `unknown`: whether its key is still valid cannot be found out now. */
  find: (token: string | null, address: string | undefined) => Promise<Session | 'none' | 'unknown'>;
  end: (token: string | null) => void;
  count: () => number;
};

type JudgeSignIn = (secret: string, address: string | undefined) => Promise<SignIn>;
type Kept = Session & { secret: string; endsAt: number; judgedAt: number; judging: Promise<Judgement> | null };

/** 256 bits: it cannot be guessed. */
const tokenBytes = 32;

/**
 * Opens the sessions of a process. They live in its memory, so a restart ends them all. The key is kept there as well, because the API must be asked
 * about it again and again. `nowMs`: a steady clock.
 */
export function createSessions(
  judge: JudgeKey,
  terms: SessionTerms = sessionTerms,
  nowMs: () => number = () => performance.now(),
): Sessions {
  const sessions = new LRUCache<string, Kept>({ max: terms.sessionsMax });
  const signIn: JudgeSignIn = async (secret, address) => {
    const judgement = await judge(secret, address);
    if (judgement.judged !== 'taken') return judgement;
    const { operator } = judgement;
    const token = randomBytes(tokenBytes).toString('base64url');
    const [id, now] = [idOf(token), nowMs()];
    sessions.set(id, { ...{ id, operator, secret, endsAt: now + terms.lifeMs, judgedAt: now, judging: null } });
    return { judged: 'taken', token, operator };
  };
  const judgeAgain = async (session: Kept, address: string | undefined): Promise<Session | 'none' | 'unknown'> => {
    // One question for all requests of a page.
    session.judging ??= judge(session.secret, address).finally(() => {
      session.judging = null;
    });
    const began = nowMs();
    const { judged } = await session.judging;
    if (judged === 'refused') sessions.delete(session.id);
    if (judged === 'taken') session.judgedAt = began;
    return judged === 'taken' ? session : judged === 'refused' ? 'none' : 'unknown';
  };
  return {
    signIn,
    find: async (token, address) => {
      const session = token === null ? undefined : sessions.get(idOf(token));
      if (!session) return 'none';
      if (nowMs() >= session.endsAt) {
        sessions.delete(session.id);
        return 'none';
      }
      return nowMs() - session.judgedAt < terms.judgedForMs ? session : await judgeAgain(session, address);
    },
    end: (token) => {
      if (token !== null) sessions.delete(idOf(token));
    },
    count: () => sessions.size,
  };
}

/** The token itself is not kept in memory. */
const idOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
