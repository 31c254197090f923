import type { KeyedThing } from '../../domain/key-conflict.ts';
import type { Result } from '../../domain/result.ts';
import type { HttpRefusalCode } from './refusals.ts';

/** One field that cannot be accepted. `pointer` is a JSON pointer into the body, or `query/name` or `header/name`. */
export type FieldError = { pointer: string; code: string; message: string };

/** A refusal with what an HTTP client also needs. */
export type HttpRefusal = {
  code: HttpRefusalCode;
  /** One safe sentence about this case, when the code alone is not enough. */
  detail?: string;
  retryAfterMs?: number;
  /** The transfer that the refusal is about: the request's own, when it was declined. */
  transferId?: string;
  /** What the request made that the key belongs to, by its public id. */
  conflict?: { thing: KeyedThing; id: string };
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Identifies the occurrence in place of the request's id: a repeated request gets the same bytes. */
  instance?: string;
};

/** What a check of a request found, or why the request goes no further. A {@link Result} of the domain is one. */
export type HttpResult<T> = Result<T, HttpRefusal>;

/** What an operation answers: a thing, or a refusal, which becomes a problem document. */
export type Answer =
  | { ok: true; status: 200 | 201 | 202 | 204; body?: object; headers?: Record<string, string> }
  | { ok: true; status: 200; file: FileAnswer }
  | { ok: false; refusal: HttpRefusal };

/** A file that is streamed. `type`: its media type. `rows` of a part are counted; `end` is called when it is over, however it ended. */
export type FileAnswer = {
  name: string;
  type: string;
  parts: AsyncIterable<{ text: string; rows: number }>;
  end: () => void;
};

/** 200 with a thing. */
export const found = (body: object, headers: Record<string, string> = {}): Answer => ({
  ok: true,
  status: 200,
  body,
  headers,
});

/** 201 with a new thing, or one that was new when the same request first came. */
export const created = (body: object, headers: Record<string, string> = {}): Answer => ({
  ok: true,
  status: 201,
  body,
  headers,
});

/** 202: it will be done, and what becomes of it is read elsewhere. */
export const accepted = (body: object): Answer => ({ ok: true, status: 202, body });

/** 204: done, with nothing to show. */
export const done = (): Answer => ({ ok: true, status: 204 });

/** A refusal with its details for the client. */
export const refused = (
  code: HttpRefusalCode,
  more: Omit<HttpRefusal, 'code'> = {},
): { ok: false; refusal: HttpRefusal } => ({
  ok: false,
  refusal: { code, ...more },
});
