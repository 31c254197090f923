import type { Uuid } from '../../domain/ids.ts';

/** Places for files that are made while they are downloaded. */
export type ExportSlots = {
  /** Takes a place of a tenant and returns what gives it back; null when it has none left, or too many are made. */
  take(tenantId: Uuid): (() => void) | null;
};

/** Files of one kind that one process makes at once: each reads page after page, so a few keep half of the reads busy. */
const runningMax = 4;

/** So many files of a tenant at a time: one of its exports, unless said otherwise. */
export function createExportSlots(ofTenantMax = 1): ExportSlots {
  const running: Uuid[] = [];
  return {
    take: (tenantId) => {
      const its = running.filter((id) => id === tenantId);
      if (its.length >= ofTenantMax || running.length >= runningMax) return null;
      running.push(tenantId);
      return () => void running.splice(running.indexOf(tenantId), 1);
    },
  };
}
