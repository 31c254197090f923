import type Koa from 'koa';
import type { Caller } from '../operation.ts';
import type { HttpRefusalCode } from '../refusals.ts';

/** What the middleware share about a request. */
export type State = {
  requestId: string;
  /** The template of the matched route: metrics and logs name it, never the address itself. */
  route?: string;
  caller?: Caller;
  /** Whether the request has reached its operation: from then on a write may have been committed. */
  isTaken?: true;
  /** Why the request was refused. */
  code?: HttpRefusalCode;
};

export type Context = Koa.ParameterizedContext<State>;
export type Middleware = Koa.Middleware<State>;
