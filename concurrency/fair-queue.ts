/** What waits in a queue: whose it is, what must not travel together with its like, and how large it is. */
export type Item = { tenantId: string; key: string; bytes: number };

/** Bounds of what waits. `tenantShare` is the part of both that one tenant may hold. */
export type QueueLimits = { members: number; bytes: number; tenantShare: number };

export type GroupLimits = { members: number; bytes: number };

/** A bounded queue that no tenant can fill for the others, and from which each is served in turn. */
export type FairQueue<T extends Item> = {
  /** False, and nothing changed, when the queue or the tenant's share of it is full. */
  push(item: T): boolean;
  /** Takes a group: one item of each tenant in turn, in each tenant's own order. Two items of one tenant and key never share it. */
  take(limits: GroupLimits): T[];
  takeAll(): T[];
  size(): number;
};

export function createFairQueue<T extends Item>(limits: QueueLimits): FairQueue<T> {
  // The order of the map is whose turn it is.
  const lines = new Map<string, Line<T>>();
  const total = { members: 0, bytes: 0 };

  const push = (item: T): boolean => {
    const line = lines.get(item.tenantId) ?? { items: [], bytes: 0 };
    const fits =
      total.members < limits.members &&
      total.bytes + item.bytes <= limits.bytes &&
      line.items.length < limits.members * limits.tenantShare &&
      line.bytes + item.bytes <= limits.bytes * limits.tenantShare;
    if (!fits) return false;
    line.items.push(item);
    line.bytes += item.bytes;
    total.members += 1;
    total.bytes += item.bytes;
    lines.set(item.tenantId, line);
    return true;
  };

  const take = (most: GroupLimits): T[] => {
    const { group, bytes } = takeInTurn(lines, most);
    total.members -= group.length;
    total.bytes -= bytes;
    return group;
  };

  const takeAll = (): T[] => {
    const all = [...lines.values()].flatMap((line) => line.items);
    lines.clear();
    total.members = 0;
    total.bytes = 0;
    return all;
  };

  return { push, take, takeAll, size: () => total.members };
}

type Line<T> = { items: T[]; bytes: number };

/** Takes the first item of the first line, and sends the line to the end, until the group is full or nothing is left. */
function takeInTurn<T extends Item>(lines: Map<string, Line<T>>, most: GroupLimits): { group: T[]; bytes: number } {
  const group: T[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  // Lines whose first item has its twin in the group: they are served again when the next group is taken.
  const waiting: [string, Line<T>][] = [];
  for (;;) {
    const [turn] = lines;
    const first = turn?.[1].items[0];
    if (turn === undefined || first === undefined) break;
    // The first always leaves, however large, or it would never.
    if (group.length >= most.members || (group.length > 0 && bytes + first.bytes > most.bytes)) break;
    const [tenantId, line] = turn;
    lines.delete(tenantId);
    const name = `${tenantId} ${first.key}`;
    if (keys.has(name)) {
      waiting.push([tenantId, line]);
      continue;
    }
    line.items.shift();
    line.bytes -= first.bytes;
    bytes += first.bytes;
    keys.add(name);
    group.push(first);
    if (line.items.length > 0) lines.set(tenantId, line);
  }
  for (const [tenantId, line] of waiting) lines.set(tenantId, line);
  return { group, bytes };
}
