import type { KeyObject } from 'node:crypto';

/**
 * A key of AES-256 that encrypts payloads, of which there is one for a process and an hour. `wrapped`: what its master key makes the key from again; it
 * stands on every payload, and says nothing without that master key.
 */
export type DataKey = { masterKeyId: string; wrapped: Uint8Array; key: KeyObject };

/** The key that data keys come from. Its id is written on payloads, so it says nothing of the key. */
export type MasterKey = {
  id: string;
  /** Makes a data key that nobody has. Throws {@link PayloadKeyFault}. */
  newDataKey(): Promise<DataKey>;
  /** The data key that was wrapped. Throws {@link PayloadKeyFault}. */
  unwrap(wrapped: Uint8Array): Promise<KeyObject>;
};

/** No data key can be had: its master key is not configured, or the party that keeps it does not give it. Says what to do; a repetition is safe. */
export class PayloadKeyFault extends Error {
  override readonly name = 'PayloadKeyFault';
}
