import type Koa from 'koa';
import type { Caller } from '../operation.ts';
import type { HttpRefusalCode } from '../refusals.ts';
import type { RetryAfter } from '../retry-after.ts';

/** What the middleware share about a request. */
export type State = {
  requestId: string;
  /** The template of the matched route: metrics and logs name it, never the address itself. */
  route?: string;
  /** Where it came from, behind declared proxies; null: nobody can say. */
  clientAddress: string | null;
  caller?: Caller;
  /** How long callers that get 503 are asked to wait: one for the whole program. */
  retryAfter: RetryAfter;
  /** Whether its operation only reads, although it is no GET. */
  changesNothing?: true;
  /** Whether the request has reached its operation: from then on a write may have been committed. */
  isTaken?: true;
  /** Why the request was refused. */
  code?: HttpRefusalCode;
};

export type Context = Koa.ParameterizedContext<State>;
export type Middleware = Koa.Middleware<State>;
