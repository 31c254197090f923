import { check } from '../domain/check.ts';
import { ok } from '../domain/result.ts';
import type { Backend, Bytes } from './backend.ts';
import { type StorageBounds, storageBounds } from './bounds.ts';
import { createCalls } from './calls.ts';
import { StorageFault } from './fault.ts';
import { checkFilename, checkKey, checkPrefix, checkSha256 } from './key.ts';
import type { ObjectStore, ObjectVersion } from './port.ts';
import { createPut } from './put.ts';
import { sha256Of } from './sha256.ts';

/** An object store over one kind of backend: what may be asked for, the limits, and the checksums are the same for all kinds. */
export function createObjectStore(backend: Backend, changes: Partial<StorageBounds> = {}): ObjectStore {
  const bounds = { ...storageBounds, ...changes };
  const call = createCalls(bounds);
  const read = (at: ObjectVersion, range: { from: number; bytes: number } | null): Promise<Bytes | null> =>
    call((signal) => backend.read(at, { range, bytesMax: bounds.objectBytesMax }, signal));
  return {
    put: createPut(backend, call, bounds),
    head: async (at) => {
      checkKey(at.key);
      const found = await call((signal) => backend.head(at, signal));
      return found === null ? absent : ok(found);
    },
    read: async ({ sha256, ...at }) => {
      checkKey(at.key);
      checkSha256(sha256);
      const bytes = await read(at, null);
      if (bytes === null) return absent;
      if (bytes === 'out_of_range' || sha256Of(bytes) !== sha256)
        throw new StorageFault('corrupt', `${at.area}: what was read has another checksum than was recorded`);
      return ok(bytes);
    },
    readRange: async (at, range) => {
      checkKey(at.key);
      const { from, bytes } = range;
      check(
        [from, bytes].every(Number.isSafeInteger) && from >= 0 && bytes > 0,
        'a range begins at 0 or later, and has bytes',
      );
      check(bytes <= bounds.objectBytesMax, 'a range is no longer than an object');
      const part = await read(at, range);
      if (part === null) return absent;
      return part === 'out_of_range' ? { ok: false, refusal: { code: part } } : ok(part);
    },
    link: async (at, { filename, seconds }) => {
      checkKey(at.key);
      checkFilename(filename);
      check(Number.isInteger(seconds) && seconds > 0 && seconds <= bounds.linkSecondsMax, 'a link lives for seconds');
      const expiresAt = new Date(Date.now() + seconds * 1000);
      return { url: await call(() => backend.link(at, { filename, seconds })), expiresAt };
    },
    versions: ({ area, prefix, after = null }) => {
      checkPrefix(prefix);
      const page = { area, prefix, after, pageMax: bounds.versionsPageMax };
      return call((signal) => backend.versions(page, signal));
    },
    hold: async (at, on) => {
      checkKey(at.key);
      return (await call((signal) => backend.hold(at, on, signal))) ? ok(null) : absent;
    },
    close: () => backend.close(),
  };
}

const absent = { ok: false, refusal: { code: 'absent' } } as const;
