import type { Context } from 'koa';

/** Why a request is not served: its status, and what a person reads. */
export type Refusal = { status: number; message: string; retryAfterMs?: number };

/** Answers a refusal as JSON. Whether a repetition is safe need not be said: nothing here changes anything. */
export function refuse(ctx: Context, { status, message, retryAfterMs }: Refusal): void {
  ctx.status = status;
  if (retryAfterMs !== undefined) ctx.set('Retry-After', String(Math.ceil(retryAfterMs / 1_000)));
  ctx.type = 'application/json';
  ctx.body = JSON.stringify({ message });
}

/** The refusals that are the same for everybody. One is said of every key that is not taken, so that nobody learns why. */
export const keyRefused: Refusal = {
  status: 401,
  message: 'This key is not taken here. It must be valid, and have the scope operations.',
};
export const apiAway: Refusal = {
  status: 503,
  message: 'The API does not say now whether a key is valid, so nothing is decoded. Try again in a moment.',
  retryAfterMs: 5_000,
};
export const notJson: Refusal = { status: 415, message: 'Send JSON, with Content-Type: application/json.' };
export const notOurs: Refusal = { status: 404, message: 'There is nothing at this address.' };
export const tooLarge: Refusal = { status: 413, message: 'The body is larger than 8 MiB, so nothing was decoded.' };
export const malformed: Refusal = {
  status: 400,
  message: 'The body is not {"payloads":[{"metadata":{…},"data":"…"}]} with at most 1,000 payloads in base64.',
};
