import type { KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  type DataKey,
  type MasterKey,
  PayloadKeyFault,
  PayloadUnreadable,
  type RaisePayloadAlarm,
} from './data-key.ts';

/** How long and how often data keys are used. Nonces are random: of 2^28 payloads of one key, two have the same with a chance of 2^-41. */
export const keyBounds = {
  /** Then the next data key is made, beside the work. */
  renewAfterMs: 3_600_000,
  /** The same, by payloads. */
  renewAfterPayloads: 4_194_304,
  /** So long the one before goes on while no next one can be had. Then nothing is encrypted, and the worker ends. */
  usedMaxMs: 86_400_000,
  /** The same, by payloads. */
  usedMaxPayloads: 268_435_456,
  /** After a try to make the next one failed. */
  retryAfterMs: 10_000,
  /** Data keys that were unwrapped and are kept. */
  knownMax: 2_000,
  /** For so long: what a disabled master key protects stays readable no longer. */
  knownMs: 14_400_000,
};
export type KeyBounds = typeof keyBounds;

/** The keys by which payloads are encrypted and decrypted. */
export type PayloadKeys = {
  /** Whether anything is encrypted. False: payloads go as they are. */
  readonly encrypts: boolean;
  /** The data key of the next payload, counted as one more use of it. Throws {@link PayloadKeyFault} when there is none. */
  dataKey(): Promise<DataKey>;
  /** The data key that a payload names. Throws {@link PayloadUnreadable} when its master key is not here, {@link PayloadKeyFault} when that does not answer. */
  find(named: { masterKeyId: string; wrapped: Uint8Array }): Promise<KeyObject>;
  readonly raise: RaisePayloadAlarm;
};

/** `first` makes data keys, null: nothing is encrypted; `all` unwrap them. */
export type KeySources = {
  first: MasterKey | null;
  all: readonly MasterKey[];
  bounds?: KeyBounds;
  raise?: RaisePayloadAlarm;
};

/** Data keys of master keys, within bounds. A master key is asked once for whatever many wait for. */
export function createPayloadKeys({ first, all, bounds = keyBounds, raise = () => {} }: KeySources): PayloadKeys {
  const known = new LRUCache<string, KeyObject>({ max: bounds.knownMax, ttl: bounds.knownMs });
  // What a program encrypts it also reads, and needs nobody for it.
  const remember = (key: DataKey) => known.set(nameOf(key), key.key);
  const currentKey = first && createCurrentKey(first, { bounds, raise, remember });
  return {
    encrypts: currentKey !== null,
    dataKey: async () => {
      if (currentKey === null) throw new PayloadKeyFault('No key encrypts payloads here.');
      return await currentKey();
    },
    find: createFind(all, { known, raise }),
    raise,
  };
}

/** What a data key is known by. */
const nameOf = ({ masterKeyId, wrapped }: { masterKeyId: string; wrapped: Uint8Array }): string =>
  `${masterKeyId} ${Buffer.from(wrapped).toString('base64')}`;

type InUse = { bounds: KeyBounds; raise: RaisePayloadAlarm; remember: (key: DataKey) => void };

function createCurrentKey(master: MasterKey, { bounds, raise, remember }: InUse): () => Promise<DataKey> {
  let used: { key: DataKey; sinceMs: number; payloads: number } | null = null;
  let making: Promise<void> | null = null;
  let retryAtMs = 0;
  const renew = async (): Promise<void> => {
    try {
      const key = await master.newDataKey();
      remember(key);
      used = { key, sinceMs: performance.now(), payloads: 0 };
    } catch (error) {
      retryAtMs = performance.now() + bounds.retryAfterMs;
      raise('payload_keys_unavailable', { reason: String(error) });
      throw error;
    } finally {
      making = null;
    }
  };
  const make = (): Promise<void> => {
    making ??= renew();
    return making;
  };
  const isWithin = (maxMs: number, maxPayloads: number): boolean =>
    used !== null && performance.now() - used.sinceMs < maxMs && used.payloads < maxPayloads;
  return async () => {
    if (!isWithin(bounds.usedMaxMs, bounds.usedMaxPayloads)) await make();
    else if (!isWithin(bounds.renewAfterMs, bounds.renewAfterPayloads) && performance.now() >= retryAtMs)
      make().catch(() => {}); // It was raised. The one before goes on, until its time is over too.
    if (used === null) throw new PayloadKeyFault(`${master.id} gave no data key.`);
    used.payloads += 1;
    return used.key;
  };
}

function createFind(
  all: readonly MasterKey[],
  { known, raise }: { known: LRUCache<string, KeyObject>; raise: RaisePayloadAlarm },
): PayloadKeys['find'] {
  const masters = new Map(all.map((master) => [master.id, master]));
  const asking = new Map<string, Promise<KeyObject>>();
  const ask = async (name: string, master: MasterKey, wrapped: Uint8Array): Promise<KeyObject> => {
    try {
      const key = await master.unwrap(wrapped);
      known.set(name, key);
      return key;
    } catch (error) {
      if (error instanceof PayloadKeyFault) raise('payload_keys_unavailable', { reason: error.message });
      throw error;
    } finally {
      asking.delete(name);
    }
  };
  return async ({ masterKeyId, wrapped }) => {
    const master = masters.get(masterKeyId);
    if (!master) throw new PayloadUnreadable(missing(masterKeyId, [...masters.keys()]));
    const name = nameOf({ masterKeyId, wrapped });
    const key = known.get(name);
    if (key) return key;
    const answer = asking.get(name) ?? ask(name, master, wrapped);
    asking.set(name, answer);
    return await answer;
  };
}

const missing = (id: string, ours: readonly string[]): string =>
  `A payload is encrypted with the key ${id}, which this program does not have (it has ${ours.join(', ') || 'none'}). Add it to PAYLOAD_KEYS_PATH or PAYLOAD_KMS_KEYS as the last one, and start the program again: what waits goes on then.`;
