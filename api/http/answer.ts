import type { RefusalCode } from '../../domain/refusals.ts';
import type { Refusal } from '../../domain/result.ts';

/** One field that cannot be accepted. `pointer` is a JSON pointer into the body, or `query/name` or `header/name`. */
export type FieldError = { pointer: string; code: string; message: string };

/** A refusal with what a client of HTTP needs beside it. */
export type Denial = Refusal & {
  retryAfterMs?: number;
  /** The transfer that the refusal is about: the request's own, when it was declined. */
  transferId?: string;
  /** What the key belongs to already. Both are public ids. */
  conflictingTransferId?: string;
  conflictingEntryId?: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Where this happened, instead of the id of the request: what is repeated must be answered with the same bytes. */
  instance?: string;
};

/** One step of a request: what it found, or why it goes no further. A domain `Outcome` is one. */
export type Step<T> = { ok: true; value: T } | { ok: false; refusal: Denial };

/** What an endpoint answers: a thing, or a refusal, which becomes a problem document. */
export type Answer =
  | { ok: true; status: 200 | 201 | 204; body?: object; headers?: Record<string, string> }
  | { ok: false; refusal: Denial };

/** 200 with a thing. */
export const found = (body: object, headers: Record<string, string> = {}): Answer => ({
  ok: true,
  status: 200,
  body,
  headers,
});

/** 201 with a thing that is new, or was when the same request came first. */
export const created = (body: object, headers: Record<string, string> = {}): Answer => ({
  ok: true,
  status: 201,
  body,
  headers,
});

/** 204: done, and there is nothing to show. */
export const done = (): Answer => ({ ok: true, status: 204 });

/** A refusal with all that a client should know about it. */
export const denied = (code: RefusalCode, more: Omit<Denial, 'code'> = {}): { ok: false; refusal: Denial } => ({
  ok: false,
  refusal: { code, ...more },
});
