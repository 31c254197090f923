import type { Finding } from './judge.ts';

/** The builds whose workers said within `goneMs` that they serve a queue. Empty text: workers without a version. */
export const buildsAt = (
  queue: string,
  queueAgesMs: Readonly<Record<string, number | null>>,
  goneMs: number,
): string[] =>
  Object.entries(queueAgesMs).flatMap(([name, ms]) =>
    name.startsWith(`${queue}@`) && ms !== null && ms <= goneMs ? [name.slice(queue.length + 1)] : [],
  );

/** Where a queue has workers, and Temporal gives its work to a version that has none: `routing` has the builds that get work from each queue. */
export function judgeVersions(
  routing: Readonly<Record<string, readonly string[]>>,
  queueAgesMs: Readonly<Record<string, number | null>>,
  goneMs: number,
): Finding[] {
  return Object.entries(routing).flatMap(([queue, routed]) => {
    const present = buildsAt(queue, queueAgesMs, goneMs);
    const missing = routed.filter((build) => !present.includes(build));
    // Without any worker of the queue another alarm says so.
    if (present.length === 0 || missing.length === 0) return [];
    return [{ alarm: 'version_not_routed', about: queue, forMs: null, facts: { queue, routed, present } }];
  });
}
