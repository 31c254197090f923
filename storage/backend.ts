import type {
  Area,
  ListedVersion,
  NewObject,
  ObjectKey,
  ObjectVersion,
  Range,
  Retention,
  StoredObject,
} from './port.ts';

/**
 * What a kind of store has to know how to do; what it means is decided once for all, in storage/store.ts. Each call ends soon after
 * its signal. It throws a StorageFault; anything else that it throws counts as one without a decisive answer.
 */
export type Backend = {
  /** The oldest version under exactly that key, also when a later delete marker hides it. Null: none. */
  find(at: ObjectKey, signal: AbortSignal): Promise<string | null>;
  /** Writes a version with its lock and checksum if the key has none. Null: another was there. Twice at once: one of them writes. */
  create(object: NewObject, signal: AbortSignal): Promise<string | null>;
  /** Null: no such version. */
  head(at: ObjectVersion, signal: AbortSignal): Promise<StoredObject | null>;
  /** Keeps a version longer. Refuses to shorten it. */
  keep(at: ObjectVersion, retention: Retention, signal: AbortSignal): Promise<void>;
  /** The bytes, or that part of them; `bytesMax` is the most that are read. Null: no such version. */
  read(
    at: ObjectVersion,
    wanted: { range: Range | null; bytesMax: number },
    signal: AbortSignal,
  ): Promise<Bytes | null>;
  link(at: ObjectVersion, options: { filename: string; seconds: number }): Promise<string>;
  versions(page: VersionsPage, signal: AbortSignal): Promise<{ versions: ListedVersion[]; next: string | null }>;
  /** False: no such version. */
  hold(at: ObjectVersion, on: boolean, signal: AbortSignal): Promise<boolean>;
  close(): void;
};

/** Bytes that were read, or that there are none in that range. */
export type Bytes = Uint8Array | 'out_of_range';

export type VersionsPage = { area: Area; prefix: string; after: string | null; pageMax: number };
