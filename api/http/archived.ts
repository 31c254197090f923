import { ok } from '../../domain/result.ts';
import { readAttachedFrom } from '../../ledger/read/detached.ts';
import type { Deps } from '../deps.ts';
import { type HttpResult, refused } from './answer.ts';
import type { Caller } from './operation.ts';

/** Three whole months stay attached at least, of 28 days one of them: what is younger is never among the detached ones, and nobody asks. */
const youngMs = 85 * 86_400_000;

/** Of a list or an export: from this instant (included) to that one (excluded). */
type Range = { from?: Date | undefined; to?: Date | undefined };

/**
 * Refuses a range that begins before the months that are attached, or lies before them: an answer would look complete. To be asked after the
 * range was read. Refusal: `archived`.
 */
export async function refuseDetachedRange(
  { from, to }: Range,
  caller: Caller,
  deps: Pick<Deps, 'reader'>,
): Promise<HttpResult<null>> {
  const begin = from ?? (to && new Date(to.getTime() - 1));
  return begin === undefined ? ok(null) : refuseDetached(begin, caller, deps);
}

/** Refuses an instant of a month that is detached, or before it. Refusal: `archived`. */
export async function refuseDetached(at: Date, caller: Caller, deps: Pick<Deps, 'reader'>): Promise<HttpResult<null>> {
  if (at.getTime() > Date.now() - youngMs) return ok(null);
  const attachedFrom = await readAttachedFrom(deps.reader, caller.tenantId);
  return attachedFrom === null || at >= attachedFrom ? ok(null) : refuseBefore(attachedFrom);
}

/** Says from when on things are here. */
const refuseBefore = (attachedFrom: Date) =>
  refused('archived', { detail: `What is here begins at ${attachedFrom.toISOString()}.` });

/** The header of a list that ends where the attached months begin, when it is its last page. */
export async function archivedBefore(
  page: { next: unknown },
  caller: Caller,
  deps: Pick<Deps, 'reader'>,
): Promise<Record<string, string>> {
  if (page.next !== null) return {};
  const attachedFrom = await readAttachedFrom(deps.reader, caller.tenantId);
  return attachedFrom === null ? {} : { 'Archived-Before': attachedFrom.toISOString() };
}
