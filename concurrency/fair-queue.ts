/** An item of a queue: its tenant, a key that may be in a group once, and its size. */
export type Item = { tenantId: string; key: string; bytes: number };

/** Bounds of a queue. `tenantShare` is the part of both that one tenant may hold. */
export type QueueLimits = { members: number; bytes: number; tenantShare: number };

export type GroupLimits = { members: number; bytes: number };

/** A bounded queue that no tenant can fill for the others, and that serves tenants in turn. */
export type FairQueue<T extends Item> = {
  /** False, without effect, when the queue or the tenant's share of it is full. */
  push(item: T): boolean;
  /** Takes a group: one item of each tenant in turn, in each tenant's own order. Two items of one tenant and key never share it. */
  take(limits: GroupLimits): T[];
  takeAll(): T[];
  size(): number;
};

export function createFairQueue<T extends Item>(limits: QueueLimits): FairQueue<T> {
  // The order of the map is the order of service.
  const queues = new Map<string, TenantQueue<T>>();
  const total = { members: 0, bytes: 0 };

  const push = (item: T): boolean => {
    const queue = queues.get(item.tenantId) ?? { items: [], bytes: 0 };
    const fits =
      total.members < limits.members &&
      total.bytes + item.bytes <= limits.bytes &&
      queue.items.length < limits.members * limits.tenantShare &&
      queue.bytes + item.bytes <= limits.bytes * limits.tenantShare;
    if (!fits) return false;
    queue.items.push(item);
    queue.bytes += item.bytes;
    total.members += 1;
    total.bytes += item.bytes;
    queues.set(item.tenantId, queue);
    return true;
  };

  const take = (bounds: GroupLimits): T[] => {
    const { group, bytes } = takeInTurn(queues, bounds);
    total.members -= group.length;
    total.bytes -= bytes;
    return group;
  };

  const takeAll = (): T[] => {
    const all = [...queues.values()].flatMap((queue) => queue.items);
    queues.clear();
    total.members = 0;
    total.bytes = 0;
    return all;
  };

  return { push, take, takeAll, size: () => total.members };
}

type TenantQueue<T> = { items: T[]; bytes: number };

/** Takes the first item of the first queue, and moves that queue to the end, until the group is full or nothing is left. */
function takeInTurn<T extends Item>(
  queues: Map<string, TenantQueue<T>>,
  bounds: GroupLimits,
): { group: T[]; bytes: number } {
  const group: T[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  // Queues whose first item has the key of an item in the group: they are served with the next group.
  const waiting: [string, TenantQueue<T>][] = [];
  for (;;) {
    const [turn] = queues;
    const first = turn?.[1].items[0];
    if (turn === undefined || first === undefined) break;
    // The first item always leaves, whatever its size.
    if (group.length >= bounds.members || (group.length > 0 && bytes + first.bytes > bounds.bytes)) break;
    const [tenantId, queue] = turn;
    queues.delete(tenantId);
    const name = `${tenantId} ${first.key}`;
    if (keys.has(name)) {
      waiting.push([tenantId, queue]);
      continue;
    }
    queue.items.shift();
    queue.bytes -= first.bytes;
    bytes += first.bytes;
    keys.add(name);
    group.push(first);
    if (queue.items.length > 0) queues.set(tenantId, queue);
  }
  for (const [tenantId, queue] of waiting) queues.set(tenantId, queue);
  return { group, bytes };
}
