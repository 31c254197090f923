import { type HttpRefusalCode, refusals } from '../../api/http/refusals.ts';
import type { Answered, RawRequest } from './send.ts';

/** A request that must be refused: how, and, where fields are named, which of them. `what` is for people. */
export type Case = RawRequest & { what: string; code: HttpRefusalCode; pointer?: string | undefined };

/**
 * What is wrong with an answer, or null. The pointer may be that of a field within the one that was changed: of a name in its
 * metadata, for example.
 */
export function differs({ what, method, path, code, pointer }: Case, { status, problem }: Answered): string | null {
  const pointers = (problem.errors ?? []).map((error) => error.pointer);
  const isNamed = pointer === undefined || pointers.some((one) => one === pointer || one.startsWith(`${pointer}/`));
  if (status === refusals[code].status && problem.code === code && isNamed) return null;
  return `${method} ${path.slice(0, 120)} with ${what}: ${status} ${problem.code} ${pointers.join(' ')}, expected ${refusals[code].status} ${code} ${pointer ?? ''}`;
}
