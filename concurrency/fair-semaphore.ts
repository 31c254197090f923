/** Whom a permit is for: a tenant, and what of it, such as a bank that it sends to or a run of its statements. */
export type PermitOwner = { tenantId: string; part: string };

/**
 * A counting semaphore whose permits nobody can take from the others, for work that holds them as long as somebody outside
 * likes.
 */
export type FairSemaphore = {
  /** Waits for a permit. Resolves with false when `signal` ends the wait, or immediately when too many wait. */
  acquire(owner: PermitOwner, signal: AbortSignal): Promise<boolean>;
  /** Takes a permit if there is one now, and nobody waits who could have it. */
  tryAcquire(owner: PermitOwner): boolean;
  release(owner: PermitOwner): void;
};

/**
 * What one name may hold, as a multiple of what is free: a part up to half of all permits, a tenant up to three quarters, so
 * that one part never fills what its tenant has. When n parts take all that they may, each comes to hold 1/(n + 1) of them,
 * and as much is free for a newcomer. Tenants that send to the same bank name the same part, and share what it may hold.
 */
const shares = { part: 1, tenantId: 3 } as const;

type Waiter = { owner: PermitOwner; resolve: (isGranted: boolean) => void };

/**
 * A semaphore of this many permits, for which at most `waitersMax` wait. Tenants are served in turn, of each its parts in
 * turn, of these in order of arrival. The limits are the dynamic thresholds of shared buffers (Choudhury and Hahne, 1998): a
 * fixed limit for each name would leave permits idle or, all of them together, let a few names take everything.
 */
export function createFairSemaphore(permits: number, waitersMax = Number.POSITIVE_INFINITY): FairSemaphore {
  const held = createShares(permits);
  const waiting = createShares(waitersMax);
  // The order of each map is the order of service.
  const queues = new Map<string, Map<string, Set<Waiter>>>();

  const serve = () => {
    for (let next = nextOf(queues, held); next; next = nextOf(queues, held)) {
      leave(next);
      toEnd(queues, next.owner);
      held.add(next.owner, 1);
      next.resolve(true);
    }
  };
  const enter = (waiter: Waiter) => {
    queueOf(queues, waiter.owner).add(waiter);
    waiting.add(waiter.owner, 1);
  };
  const leave = (waiter: Waiter) => {
    if (queueOf(queues, waiter.owner).delete(waiter)) waiting.add(waiter.owner, -1);
    removeEmpty(queues, waiter.owner);
  };

  return {
    acquire: (owner, signal) =>
      new Promise((resolve) => {
        const mayWait = waiting.hasRoom(owner) || held.hasRoom(owner);
        if (signal.aborted || !mayWait) return resolve(false);
        const giveUp = () => {
          leave(waiter);
          resolve(false);
        };
        const waiter = {
          owner,
          resolve: (isGranted: boolean) => {
            signal.removeEventListener('abort', giveUp);
            resolve(isGranted);
          },
        };
        signal.addEventListener('abort', giveUp, { once: true });
        enter(waiter);
        serve();
      }),
    // Each waiter that could have a permit has it.
    tryAcquire: (owner) => {
      if (!held.hasRoom(owner)) return false;
      held.add(owner, 1);
      return true;
    },
    release: (owner) => {
      held.add(owner, -1);
      serve();
    },
  };
}

/** How much of `total` each name has. */
function createShares(total: number) {
  const used = new Map<string, number>();
  let free = total;
  const keysOf = ({ tenantId, part }: PermitOwner) =>
    [
      [`tenant ${tenantId}`, shares.tenantId],
      [`part ${part}`, shares.part],
    ] as const;
  return {
    hasRoom: (owner: PermitOwner) =>
      free > 0 && keysOf(owner).every(([key, share]) => (used.get(key) ?? 0) < share * free),
    add: (owner: PermitOwner, change: number) => {
      free -= change;
      for (const [key] of keysOf(owner)) {
        const now = (used.get(key) ?? 0) + change;
        if (now === 0) used.delete(key);
        else used.set(key, now);
      }
    },
  };
}

type Queues = Map<string, Map<string, Set<Waiter>>>;

/** The first in the order of service who may have a permit now. */
function nextOf(queues: Queues, held: ReturnType<typeof createShares>): Waiter | undefined {
  for (const parts of queues.values())
    for (const queue of parts.values()) {
      const [first] = queue;
      if (first && held.hasRoom(first.owner)) return first;
    }
  return undefined;
}

function queueOf(queues: Queues, { tenantId, part }: PermitOwner): Set<Waiter> {
  const parts = queues.get(tenantId) ?? new Map<string, Set<Waiter>>();
  const queue = parts.get(part) ?? new Set<Waiter>();
  queues.set(tenantId, parts);
  parts.set(part, queue);
  return queue;
}

function removeEmpty(queues: Queues, { tenantId, part }: PermitOwner): void {
  const parts = queues.get(tenantId);
  if (parts?.get(part)?.size === 0) parts.delete(part);
  if (parts?.size === 0) queues.delete(tenantId);
}

/** Its tenant, and of its tenant its part, are served after the others. */
function toEnd(queues: Queues, { tenantId, part }: PermitOwner): void {
  const parts = queues.get(tenantId);
  const queue = parts?.get(part);
  if (parts && queue && parts.delete(part)) parts.set(part, queue);
  if (parts && queues.delete(tenantId)) queues.set(tenantId, parts);
}
