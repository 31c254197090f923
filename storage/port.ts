import type { Result } from '../domain/result.ts';

/** What objects are about. Each area is a bucket, or a folder, of its own, so that each can have rights of its own. */
export const areas = ['statements', 'audit'] as const;
export type Area = (typeof areas)[number];

/** Until when an object cannot be deleted. `compliance`: by nobody, and never shortened; `governance`: by who has a right for that. */
export type Retention = { mode: 'compliance' | 'governance'; until: Date };

/** Where an object is. `key` has the form of storage/key.ts. */
export type ObjectKey = { area: Area; key: string };

/** One version of it. Objects are always read by version: what is newest under a key, others may change. */
export type ObjectVersion = ObjectKey & { versionId: string };

/** An object to be kept. `sha256` is that of `bytes`, in hex; `type` its media type. */
export type NewObject = ObjectKey & { bytes: Uint8Array; sha256: string; type: string; retention: Retention };

/** What the store says of a version. `sha256` and `retention` are null where it has none; `held`: it has a legal hold. */
export type StoredObject = ObjectVersion & {
  bytes: number;
  sha256: string | null;
  type: string;
  retention: Retention | null;
  held: boolean;
};

/** A version in a list. `isMarker`: it is none, but says that somebody deleted the key; the versions below it are still there. */
export type ListedVersion = ObjectVersion & { isMarker: boolean };

/**
 * Negative answers of the store, which a repetition does not change. `conflict`: other bytes are under that key, in that version;
 * `retention_over`: it would be deletable at once; `absent`: there is no such version; `out_of_range`: it is shorter.
 */
export type PutRefusal = { code: 'conflict'; versionId: string; sha256: string | null } | { code: 'retention_over' };
export type Absence = { code: 'absent' };
export type RangeRefusal = Absence | { code: 'out_of_range' };

/** A part of an object: from that byte on, so many. */
export type Range = { from: number; bytes: number };

/**
 * Objects that are put once and kept until a date. Every method throws a {@link StorageFault} when the store does not do what it was
 * asked for, and every call has a bound in time. Nothing is deleted through this port.
 */
export type ObjectStore = {
  /**
   * Puts an object, once: the same bytes under the same key are `existed`, also when another writer put them, and no second version is made. It
   * returns after the store has said that the bytes are there, with that checksum, and kept at least that long.
   */
  put(object: NewObject): Promise<Result<{ versionId: string; existed: boolean }, PutRefusal>>;
  /** What the store says of a version. */
  head(at: ObjectVersion): Promise<Result<StoredObject, Absence>>;
  /** All bytes of a version, compared with the checksum that the caller recorded. */
  read(at: ObjectVersion & { sha256: string }): Promise<Result<Uint8Array, Absence>>;
  /** A part of a version, for viewers. Not compared with anything: the checksum is that of the whole. At the end it is shorter. */
  readRange(at: ObjectVersion, range: Range): Promise<Result<Uint8Array, RangeRefusal>>;
  /** A URL by which anyone can read that version for so many seconds. Make it after the permission check, and keep it nowhere. */
  link(at: ObjectVersion, options: { filename: string; seconds: number }): Promise<{ url: string; expiresAt: Date }>;
  /** Every version whose key begins with `prefix`, a page at a time, by key; `after` is the `next` of the page before. */
  versions(of: {
    area: Area;
    prefix: string;
    after?: string;
  }): Promise<{ versions: ListedVersion[]; next: string | null }>;
  /** Sets or ends a legal hold: while it is set the version cannot be deleted, whatever its date. */
  hold(at: ObjectVersion, on: boolean): Promise<Result<null, Absence>>;
  /** Ends every connection. */
  close(): void;
};
