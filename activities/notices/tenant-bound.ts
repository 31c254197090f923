import type { Uuid } from '../../domain/ids.ts';

/** Bounds the concurrent passes of each tenant in this process, so that one with many dead receivers leaves slots for others. */
export type TenantBound = {
  /** False when the tenant has as many as it may have; otherwise `end` must follow. */
  begin(tenantId: Uuid): boolean;
  end(tenantId: Uuid): void;
};

/** At most `passesMax` a tenant. */
export function createTenantBound(passesMax: number): TenantBound {
  const passes = new Map<Uuid, number>();
  const countOf = (tenantId: Uuid): number => passes.get(tenantId) ?? 0;
  return {
    begin: (tenantId) => {
      if (countOf(tenantId) >= passesMax) return false;
      passes.set(tenantId, countOf(tenantId) + 1);
      return true;
    },
    end: (tenantId) => {
      if (countOf(tenantId) > 1) passes.set(tenantId, countOf(tenantId) - 1);
      else passes.delete(tenantId);
    },
  };
}
