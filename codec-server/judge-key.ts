import { z } from 'zod';
import type { HttpClient } from '../http-client/http-client.ts';

/** Who signed in: the key, by its public id. */
export type Operator = { keyId: string; keyName: string };

/**
 * What the API says of a key. `refused`: it is not valid, or has not the scope `operations`; who asks learns no more.
 * `unknown`: the API gave no answer, which says nothing of the key.
 */
export type Judgement = { judged: 'taken'; operator: Operator } | { judged: 'refused' } | { judged: 'unknown' };

/** Judges a key for a client at this address. */
export type JudgeKey = (secret: string, address: string | undefined) => Promise<Judgement>;

/** The scope that no tenant can give to a key. */
const scope = 'operations';

/** What bounds one question to the API. It answers within milliseconds; a person waits for it. */
const questionLimits = {
  timeoutMs: 2_000,
  connectMs: 1_000,
  /** What a key is takes a few hundred bytes, and more where it is bound to many accounts. */
  bytesMax: 256 * 1_024,
};

/** Keys as the API takes them; another text is refused without a question. */
const keyForm = /^qk_[A-Za-z0-9_-]{51}$/;

const me = z.object({ id: z.string(), name: z.string(), scopes: z.array(z.string()) });

/**
 * Keys are judged by the API and nobody else: it refuses those that are revoked, expired, of a disabled tenant or used from another address, and
 * writes down who was refused. Throws nothing.
 */
export const createJudgeKey =
  (client: HttpClient, apiUrl: string): JudgeKey =>
  async (secret, address) => {
    if (!keyForm.test(secret)) return { judged: 'refused' };
    const headers = {
      authorization: `Bearer ${secret}`,
      // Believed where the API has this program among its proxies.
      ...(address !== undefined && { 'x-forwarded-for': address }),
    };
    const answer = await client.exchange({ method: 'GET', url: `${apiUrl}/v1/me`, headers }, questionLimits);
    if (answer.end !== 'answered') return { judged: 'unknown' };
    if (answer.status === 401 || answer.status === 403) return { judged: 'refused' };
    const read = answer.status === 200 ? me.safeParse(parsed(answer.text)) : null;
    if (!read?.success) return { judged: 'unknown' };
    const { id: keyId, name: keyName, scopes } = read.data;
    return scopes.includes(scope) ? { judged: 'taken', operator: { keyId, keyName } } : { judged: 'refused' };
  };

/** The value of a JSON text, or undefined for another text. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // What is wrong with it is not said: it may quote what nobody should read.
  }
}
