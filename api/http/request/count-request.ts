import type { RateDecision, RateLimiter } from '../../../cache/rate-limiter.ts';
import type { Caller } from '../operation.ts';

/** Counts one request, or one member of a batch, against its key and then its tenant. Returns the tighter of the two. */
export async function countRequest(
  caller: Pick<Caller, 'keyId' | 'rateLimit' | 'tenantId' | 'tenantRateLimit'>,
  limiter: Pick<RateLimiter, 'take'>,
): Promise<RateDecision> {
  const ofKey = await limiter.take(caller.keyId, caller.rateLimit);
  const ofTenant = ofKey.allowed ? await limiter.take(caller.tenantId, caller.tenantRateLimit) : ofKey;
  return ofTenant.allowed && ofKey.remaining <= ofTenant.remaining ? ofKey : ofTenant;
}
