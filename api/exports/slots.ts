import type { Uuid } from '../../domain/ids.ts';

/** Places for exports that run. */
export type ExportSlots = {
  /** Takes the place of a tenant and returns what gives it back; null when it is taken, or too many run. */
  take(tenantId: Uuid): (() => void) | null;
};

/** Exports of one process at once: each reads page after page, so a few keep half of the reads busy. */
const runningMax = 4;

/** One export of a tenant at a time. */
export function createExportSlots(): ExportSlots {
  const running = new Set<Uuid>();
  return {
    take: (tenantId) => {
      if (running.has(tenantId) || running.size >= runningMax) return null;
      running.add(tenantId);
      return () => running.delete(tenantId);
    },
  };
}
