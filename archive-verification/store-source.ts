import type { ObjectStore } from '../storage/port.ts';
import type { Keeping, Source } from './source.ts';

const area = 'audit';

/** The archive as it lies in an object store: by version, with what the store says of each. */
export const storeSource = (store: Pick<ObjectStore, 'head' | 'readRange' | 'versions'>, keeping: Keeping): Source => ({
  list: async function* (prefix) {
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<ObjectStore['versions']>> = await store.versions({
        ...{ area, prefix },
        ...(after !== null && { after }),
      });
      for (const { key, versionId, isMarker } of page.versions) yield { key, versionId, isMarker };
      after = page.next;
    } while (after !== null);
  },
  read: async ({ key, versionId }) => {
    const at = { area, key, versionId } as const;
    const head = await store.head(at);
    if (!head.ok) return null;
    // Not `read`, which compares with a checksum that the store says: here the manifest says which bytes are right.
    const found = await store.readRange(at, { from: 0, bytes: head.value.bytes });
    return found.ok ? { bytes: found.value, retention: head.value.retention } : null;
  },
  keeping,
});
