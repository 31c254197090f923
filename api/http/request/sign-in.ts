import type { AccessLog } from '../../access-log/access-log.ts';
import type { HttpResult } from '../answer.ts';
import type { Context } from '../middleware/state.ts';
import type { Caller } from '../operation.ts';
import { type Authenticate, admit, last4Of } from './authenticate.ts';

/** Lets the caller of a request in. Refusals: `unauthorized`, `tenant_disabled`, `address_not_allowed`. */
export type SignIn = (ctx: Context) => Promise<HttpResult<Caller>>;

/** Signs in by the key of a request, from its address. What is refused is counted for the archive. */
export const createSignIn =
  (authenticate: Authenticate, accessLog: Pick<AccessLog, 'noteRefusedSignIn'>): SignIn =>
  async (ctx) => {
    const { authorization } = ctx.req.headers;
    const address = ctx.state.clientAddress;
    const found = await authenticate(authorization);
    // The log names the key also where it is not taken.
    if (found.ok) ctx.state.caller = found.value;
    const admission = found.ok ? admit(found.value, address) : found;
    if (admission.ok) return admission;
    const { refusal, reason, tenantId } = admission;
    accessLog.noteRefusedSignIn({ reason, tenantId, last4: last4Of(authorization), address });
    return { ok: false, refusal };
  };
