import type { Retention } from '../storage/port.ts';

/** An object, or one version of it. `isMarker`: it is none, but says that somebody deleted the key. */
export type Listed = { key: string; versionId: string; isMarker: boolean };

/** Bytes as they lie there, compared with nothing, and until when the store keeps them. */
export type StoredBytes = { bytes: Uint8Array; retention: Retention | null };

/** How long a store must keep an object, counted from what it is about. */
export type Keeping = { mode: Retention['mode']; years: number };

/** Where an archive lies. Its methods throw when it cannot be read, which says nothing about the archive. */
export type Source = {
  /** What is under names that begin so, by name; the versions of one follow each other, and the oldest is the last. */
  list(prefix: string): AsyncIterable<Listed>;
  /** Null: it is not there, or no longer. */
  read(at: Listed): Promise<StoredBytes | null>;
  /** How the store into which the archive is written keeps it; null for a copy, in which nothing goes on. */
  keeping: Keeping | null;
};
