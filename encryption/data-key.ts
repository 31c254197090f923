import type { KeyObject } from 'node:crypto';

/**
 * A key of AES-256 that encrypts payloads: each process has its own, for an hour. `wrapped`: from this its master key makes it again; it stands on every
 * payload, and says nothing to who lacks the master key.
 */
export type DataKey = { masterKeyId: string; wrapped: Uint8Array; key: KeyObject };

/** The key that data keys come from. Its id stands on payloads, so it says nothing of the key. */
export type MasterKey = {
  id: string;
  /** Makes a data key that nobody has. Throws {@link PayloadKeyFault}. */
  newDataKey(): Promise<DataKey>;
  /** The data key that was wrapped. Throws {@link PayloadKeyFault}, and {@link PayloadUnreadable} when it was changed. */
  unwrap(wrapped: Uint8Array): Promise<KeyObject>;
};

/** Who keeps a master key does not give a data key now. A repetition is safe. */
export class PayloadKeyFault extends Error {
  override readonly name = 'PayloadKeyFault';
}

/** A payload cannot be decrypted by this program: its key is not here, or it was changed. Its message says which key, and what to do. */
export class PayloadUnreadable extends Error {
  override readonly name = 'PayloadUnreadable';
}

/** What is raised when payloads cannot be encrypted or decrypted: names of `telemetry/alarms/`. */
export type PayloadAlarm = 'payload_keys_unavailable' | 'payload_unreadable';
/** Raises it with its facts. Never throws. */
export type RaisePayloadAlarm = (what: PayloadAlarm, facts: { reason: string }) => void;
