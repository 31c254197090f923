import type { KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type DataKey, type MasterKey, PayloadKeyFault } from './data-key.ts';

/** How long and for how many payloads a data key is used. Nonces are random: after 2^24 payloads two are equal with a chance of 2^-49. */
export const keyBounds = {
  /** Then the next data key is made, beside the work. */
  renewAfterMs: 3_600_000,
  renewAfterPayloads: 2 ** 20,
  /** Until then the one before is used, while no next one can be had. After that nothing is encrypted. */
  usedMaxMs: 4 * 3_600_000,
  usedMaxPayloads: 2 ** 24,
  /** After a try to make the next one failed. */
  retryAfterMs: 10_000,
  /** Data keys of others that are known, and for how long: a master key that was disabled opens nothing after that. */
  knownMax: 2_000,
  knownMs: 4 * 3_600_000,
};
export type KeyBounds = typeof keyBounds;

/** The keys by which payloads are encrypted and decrypted. */
export type PayloadKeys = {
  /** Whether anything is encrypted. False: payloads go as they are. */
  readonly encrypts: boolean;
  /** The data key of a payload that is encrypted now, counted as one more use of it. Throws {@link PayloadKeyFault} when there is none. */
  current(): Promise<DataKey>;
  /** The data key that a payload names. Throws {@link PayloadKeyFault} when its master key is not here, or cannot be asked. */
  find(named: { masterKeyId: string; wrapped: Uint8Array }): Promise<KeyObject>;
};

/** `first` makes the data keys, null: none does; `all` unwrap them. */
export type MasterKeys = { first: MasterKey | null; all: readonly MasterKey[] };

/** Data keys of master keys, within bounds. Nobody asks for a master key more than once at a time for the same thing. */
export function createPayloadKeys({ first, all }: MasterKeys, bounds: KeyBounds = keyBounds): PayloadKeys {
  const known = createKnownKeys(all, bounds);
  const currentKey = first && createCurrentKey(first, bounds);
  return {
    encrypts: currentKey !== null,
    current: async () => {
      if (currentKey === null)
        throw new PayloadKeyFault('No key encrypts payloads: set PAYLOAD_KEYS_PATH or PAYLOAD_KMS_KEYS.');
      return await currentKey();
    },
    find: known,
  };
}

type InUse = DataKey & { sinceMs: number; payloads: number };

function createCurrentKey(master: MasterKey, bounds: KeyBounds): () => Promise<DataKey> {
  let inUse: InUse | null = null;
  let making: Promise<void> | null = null;
  let retryAt = 0;
  const make = (): Promise<void> => {
    making ??= master
      .newDataKey()
      .then((key) => {
        inUse = { ...key, sinceMs: performance.now(), payloads: 0 };
      })
      .finally(() => {
        making = null;
        retryAt = performance.now() + bounds.retryAfterMs;
      });
    return making;
  };
  const isWithin = (key: InUse | null, ms: number, payloads: number): key is InUse =>
    key !== null && performance.now() - key.sinceMs < ms && key.payloads < payloads;
  return async () => {
    if (!isWithin(inUse, bounds.usedMaxMs, bounds.usedMaxPayloads)) await make();
    else if (!isWithin(inUse, bounds.renewAfterMs, bounds.renewAfterPayloads) && performance.now() >= retryAt)
      make().catch(() => {}); // The one before goes on; when its time is over the same fault is thrown.
    if (inUse === null) throw new PayloadKeyFault(`${master.id} gave no data key.`);
    inUse.payloads += 1;
    return inUse;
  };
}

function createKnownKeys(all: readonly MasterKey[], { knownMax, knownMs }: KeyBounds): PayloadKeys['find'] {
  const masters = new Map(all.map((master) => [master.id, master]));
  const known = new LRUCache<string, KeyObject>({ max: knownMax, ttl: knownMs });
  const asked = new Map<string, Promise<KeyObject>>();
  const ask = async (name: string, master: MasterKey, wrapped: Uint8Array): Promise<KeyObject> => {
    try {
      const key = await master.unwrap(wrapped);
      known.set(name, key);
      return key;
    } finally {
      asked.delete(name);
    }
  };
  return async ({ masterKeyId, wrapped }) => {
    const master = masters.get(masterKeyId);
    if (!master) throw new PayloadKeyFault(missing(masterKeyId, [...masters.keys()]));
    const name = `${masterKeyId} ${Buffer.from(wrapped).toString('base64')}`;
    const key = known.get(name);
    if (key) return key;
    const answer = asked.get(name) ?? ask(name, master, wrapped);
    asked.set(name, answer);
    return await answer;
  };
}

const missing = (id: string, ours: readonly string[]): string =>
  `A payload is encrypted by the key ${id}, which this program does not have (it has ${ours.join(', ') || 'none'}): add that key to PAYLOAD_KEYS_PATH or PAYLOAD_KMS_KEYS, as the last one, and start again. The work goes on then.`;
