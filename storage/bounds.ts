/** The limits of one store. */
export type StorageBounds = {
  /** For one call with all its bytes: the largest object over a slow link. A put is up to four calls, each with this limit. */
  callMs: number;
  /** A store in the same region connects within milliseconds. */
  connectMs: number;
  /** Shorter than servers keep idle connections, so that a close does not cross a request. */
  keepAliveMs: number;
  /** The largest object that is put or read: it is in memory while it is checked. A statement's part is below 4 MiB. */
  objectBytesMax: number;
  /** Calls at one time, of one process; so many objects may be in memory for them. */
  runningMax: number;
  /** Calls that may wait for one of those; more are refused as `busy`. */
  waitingMax: number;
  /** Versions on a page of a list; S3 gives no more. */
  versionsPageMax: number;
  /** Links live no longer: they cannot be revoked. */
  linkSecondsMax: number;
};

export const storageBounds: StorageBounds = {
  callMs: 20_000,
  connectMs: 3_000,
  keepAliveMs: 4_000,
  objectBytesMax: 16_777_216,
  runningMax: 16,
  waitingMax: 128,
  versionsPageMax: 1_000,
  linkSecondsMax: 300,
};
