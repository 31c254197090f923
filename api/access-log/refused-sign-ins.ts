import { v7 as uuidV7 } from 'uuid';
import type { Uuid } from '../../domain/ids.ts';
import type { RefusedSignInRow } from '../../ledger/archive/note-refused-sign-ins.ts';
import { sourceNetworkOf } from './source-network.ts';

/**
 * Why somebody was not let in. `no_key`: no `Authorization`; `made_up_key`: what nobody made here; `unknown_key`: made with our seal, and there is
 * no such key. The others are about a key of a tenant.
 */
export type RefusedSignInReason =
  | 'no_key'
  | 'made_up_key'
  | 'unknown_key'
  | 'revoked'
  | 'expired'
  | 'tenant_disabled'
  | 'address_not_allowed';

/** A sign-in that was refused: whose key it was, its last characters, and from where it came, as far as that is known. */
export type RefusedSignIn = {
  reason: RefusedSignInReason;
  tenantId: Uuid | null;
  last4: string | null;
  address: string | null;
};

/** A row with the network itself, which becomes a hash when it is written. */
export type RefusedSignInCount = Omit<RefusedSignInRow, 'sourceHash'> & { network: string | null };

/** Refused sign-ins, counted until they are taken. */
export type RefusedSignInCounts = {
  note(refused: RefusedSignIn): void;
  /** What was counted since it was taken last, `max` rows at most. There are never more than one call of the ledger takes. */
  take(max: number): RefusedSignInCount[];
};

/**
 * Rows of what anybody can send, and as many of what needs a key that was made here, so that a flood of the one hides nothing of the other.
 * Behind them there is one row for each reason.
 */
const signInBounds = {
  // Reasons, keys and networks that are counted apart.
  apartMax: 75,
  // Those, and reasons and networks of the rest.
  networksMax: 95,
};

type Counted = Pick<RefusedSignInCount, 'reason' | 'tenantId' | 'last4' | 'network' | 'count'> & {
  firstMs: number;
  lastMs: number;
};

type CountsDeps = {
  /** Milliseconds since 1970, by the database's clock. */
  nowMs: () => number;
  /** Called for each that is not counted apart. */
  onCrowded: () => void;
  bounds?: typeof signInBounds;
};

/** Opens the counts of a process. However many come and from wherever, there are at most so many rows, and their counts are all of them. */
export function createRefusedSignInCounts(deps: CountsDeps): RefusedSignInCounts {
  const { nowMs, onCrowded, bounds = signInBounds } = deps;
  const fromAnybody = new Map<string, Counted>();
  const withKeys = new Map<string, Counted>();
  const places = [bounds.apartMax, bounds.networksMax, Number.POSITIVE_INFINITY];
  let windowMs = nowMs();
  return {
    note: (refused) => {
      const counts = refused.reason === 'no_key' || refused.reason === 'made_up_key' ? fromAnybody : withKeys;
      const isRoom = (key: string, n: number): boolean => counts.has(key) || counts.size < (places[n] ?? 0);
      const forms = formsOf(refused);
      const n = forms.findIndex((form, at) => isRoom(keyOf(form), at));
      const form = forms[n];
      // The last one always has room.
      if (form) countIn(counts, form, nowMs());
      if (n > 0) onCrowded();
    },
    take: (max) => {
      const windowAt = toInstant(windowMs);
      windowMs = nowMs();
      const rows = takeFrom(withKeys, max, windowAt);
      return [...rows, ...takeFrom(fromAnybody, max - rows.length, windowAt)];
    },
  };
}

type Form = Pick<Counted, 'reason' | 'tenantId' | 'last4' | 'network'>;

/** What it is counted as: all that is known of it, or without the key, or the reason alone. */
function formsOf({ reason, tenantId, last4, address }: RefusedSignIn): Form[] {
  const network = sourceNetworkOf(address);
  return [
    { reason, tenantId, last4, network },
    { reason, tenantId, last4: null, network },
    { reason, tenantId: null, last4: null, network: null },
  ];
}

const keyOf = ({ reason, tenantId, last4, network }: Form): string => `${reason} ${tenantId} ${last4} ${network}`;

function countIn(counts: Map<string, Counted>, form: Form, nowMs: number): void {
  const key = keyOf(form);
  const counted = counts.get(key) ?? { ...form, count: 0, firstMs: nowMs, lastMs: nowMs };
  counted.count += 1;
  // A clock that is set back ends nothing before it began.
  counted.lastMs = Math.max(counted.lastMs, nowMs);
  counts.set(key, counted);
}

function takeFrom(counts: Map<string, Counted>, max: number, windowAt: string): RefusedSignInCount[] {
  const taken = [...counts].slice(0, max);
  for (const [key] of taken) counts.delete(key);
  return taken.map(([, counted]) => rowOf(counted, windowAt));
}

const rowOf = ({ firstMs, lastMs, ...counted }: Counted, windowAt: string): RefusedSignInCount => ({
  ...counted,
  ...{ id: uuidV7(), windowAt, firstAt: toInstant(firstMs), lastAt: toInstant(lastMs) },
});

const toInstant = (ms: number): string => new Date(ms).toISOString();
