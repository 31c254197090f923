import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const claimForm = z.strictObject({
  tenantId: z.uuid(),
  statementId: z.uuid(),
  format: z.enum(['csv', 'camt']),
  part: z.int().nullable(),
  until: z.number(),
});

/** What a token lets its holder read, until that instant (milliseconds since 1970). */
export type FileClaim = z.infer<typeof claimForm>;

/** A token that says which file may be read until when, signed with the key of the links. */
export function signFile(key: Buffer, claim: FileClaim): string {
  const payload = Buffer.from(JSON.stringify(claim)).toString('base64url');
  return `${payload}.${macOf(key, payload)}`;
}

/** What a token claims; null when it is not ours, was changed, or is over. Only what we signed is parsed. */
export function readFileToken(key: Buffer, token: string, now: number): FileClaim | null {
  const [, payload, mac] = tokenForm.exec(token) ?? [];
  if (payload === undefined || mac === undefined) return null;
  // Compared as texts, because the last letter of base64 has bits that say nothing: a token has one spelling.
  const [right, found] = [macOf(key, payload), mac].map((text) => Buffer.from(text));
  if (right === undefined || found === undefined || !timingSafeEqual(right, found)) return null;
  const claim = claimForm.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString())).data;
  return claim !== undefined && now < claim.until ? claim : null;
}

/** A payload, and 32 bytes. */
const tokenForm = /^([A-Za-z0-9_-]{1,1000})\.([A-Za-z0-9_-]{43})$/;

const macOf = (key: Buffer, payload: string): string => createHmac('sha256', key).update(payload).digest('base64url');
