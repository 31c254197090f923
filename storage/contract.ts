import { randomUUID } from 'node:crypto';
import { toPublic } from '../domain/ids.ts';
import { StorageFault } from './fault.ts';
import type { NewObject, ObjectStore, Retention } from './port.ts';
import { sha256Of } from './sha256.ts';

/** What a store is tried with: keys that nobody has used, and bytes that are kept until then. */
export type Trial = { store: ObjectStore; retention: Retention };

/** One promise of a store, and what it did instead; null when it keeps it. */
export type Promised = { promise: string; breach: (trial: Trial) => Promise<string | null> };

/**
 * What every store must do: the tests ask it of each kind, and `operator storage check` of the one that is configured, because servers
 * exist that take the headers of a lock and do nothing. The objects stay until their date.
 */
export const contract: readonly Promised[] = [
  {
    promise: 'an object that was put has its bytes, its checksum, its type and its lock',
    breach: async ({ store, retention }) => {
      const object = anObject(retention);
      const at = await versionOf(store, object);
      const head = await store.head(at);
      const found = head.ok ? head.value : null;
      const facts = { bytes: object.bytes.length, sha256: object.sha256, type: object.type, held: false };
      return (
        differs({ ...found, retention: null }, { ...at, ...facts, retention: null }) ??
        isWeaker(found?.retention, retention)
      );
    },
  },
  {
    promise: 'the same bytes under the same key are there already, in one version',
    breach: async ({ store, retention }) => {
      const object = anObject(retention);
      const { versionId } = await versionOf(store, object);
      const again = await store.put(object);
      return differs(again, { ok: true, value: { versionId, existed: true } }) ?? (await isNotAlone(store, object));
    },
  },
  {
    promise: 'other bytes under the same key are a conflict, and change nothing',
    breach: async ({ store, retention }) => {
      const object = anObject(retention);
      const at = await versionOf(store, object);
      const refused = await store.put({ ...anObject(retention), key: object.key });
      const refusal = { code: 'conflict', versionId: at.versionId, sha256: object.sha256 };
      const read = await store.read({ ...at, sha256: object.sha256 });
      return (
        differs(refused, { ok: false, refusal }) ?? (read.ok ? isNotAlone(store, object) : 'the first bytes are gone')
      );
    },
  },
  {
    promise: 'of two writers of one key at once one puts, and the other gets the conflict',
    breach: async ({ store, retention }) => {
      const [one, other] = [anObject(retention), anObject(retention)];
      const puts = await Promise.all([store.put(one), store.put({ ...other, key: one.key })]);
      const ends = puts.map((put) => (put.ok ? 'put' : put.refusal.code)).toSorted();
      return differs(ends, ['conflict', 'put']) ?? isNotAlone(store, one);
    },
  },
  {
    promise: 'of two writers of the same bytes at once both get the one version',
    breach: async ({ store, retention }) => {
      const object = anObject(retention);
      const [one, other] = await Promise.all([store.put(object), store.put(object)]);
      if (!one.ok || !other.ok) return 'one of them was refused';
      return differs(one.value.versionId, other.value.versionId) ?? isNotAlone(store, object);
    },
  },
  {
    promise: 'a later date is taken over, an earlier one changes nothing',
    breach: async ({ store, retention }) => {
      const object = anObject(retention);
      const at = await versionOf(store, object);
      const longer = { ...retention, until: new Date(retention.until.getTime() + hourMs) };
      await store.put({ ...object, retention: longer });
      await store.put(object);
      const head = await store.head(at);
      return isWeaker(head.ok ? head.value.retention : null, longer);
    },
  },
  {
    promise: 'what would be deletable at once is refused',
    breach: async ({ store, retention }) => {
      const refused = await store.put(anObject({ ...retention, until: new Date(Date.now() - hourMs) }));
      return differs(refused, { ok: false, refusal: { code: 'retention_over' } });
    },
  },
  {
    promise: 'bytes with another checksum than was recorded are a fault, not an answer',
    breach: async ({ store, retention }) => {
      const at = await versionOf(store, anObject(retention));
      const fault = await store
        .read({ ...at, sha256: sha256Of(Buffer.from('others')) })
        .catch((error: unknown) => error);
      return fault instanceof StorageFault && fault.code === 'corrupt' ? null : 'it was read';
    },
  },
  {
    promise: 'a part is read, a part at the end is shorter, and beyond the end there is none',
    breach: async ({ store, retention }) => {
      const object = anObject(retention);
      const at = await versionOf(store, object);
      const size = object.bytes.length;
      const parts = await Promise.all(
        [
          [0, 1],
          [3, 4],
          [size - 2, 9],
          [size, 1],
        ].map(async ([from = 0, bytes = 0]) => {
          const part = await store.readRange(at, { from, bytes });
          return part.ok ? Buffer.from(part.value).toString() : part.refusal.code;
        }),
      );
      const text = Buffer.from(object.bytes).toString();
      return differs(parts, [text.slice(0, 1), text.slice(3, 7), text.slice(size - 2), 'out_of_range']);
    },
  },
  {
    promise: 'a version that does not exist is absent, whatever is asked of it',
    breach: async ({ store, retention }) => {
      const { versionId } = await versionOf(store, anObject(retention));
      const { area, key, sha256 } = anObject(retention);
      // An id of the store's own form, of another key.
      const absent = { area, key, versionId };
      const answers = await Promise.all([
        store.head(absent),
        store.read({ ...absent, sha256 }),
        store.readRange(absent, { from: 0, bytes: 1 }),
        store.hold(absent, true),
      ]);
      return differs(
        answers,
        Array.from(answers, () => ({ ok: false, refusal: { code: 'absent' } })),
      );
    },
  },
  {
    promise: 'a legal hold is set, shown, and ended',
    breach: async ({ store, retention }) => {
      const at = await versionOf(store, anObject(retention));
      const shown: boolean[] = [];
      for (const on of [true, false]) {
        await store.hold(at, on);
        const head = await store.head(at);
        shown.push(head.ok && head.value.held);
      }
      return differs(shown, [true, false]);
    },
  },
];

const hourMs = 3_600_000;

/** A small object of its own, in a folder that is an id nobody has. */
export function anObject(retention: Retention): NewObject {
  const bytes = Buffer.from(JSON.stringify({ trial: randomUUID() }));
  const key = `${toPublic('tenant', randomUUID())}/1-1.json`;
  return { area: 'statements', key, bytes, sha256: sha256Of(bytes), type: 'application/json', retention };
}

async function versionOf(store: ObjectStore, object: NewObject) {
  const put = await store.put(object);
  const { area, key } = object;
  return { area, key, versionId: put.ok ? put.value.versionId : `none: ${put.refusal.code}` };
}

/** Null when exactly one version is under the key. */
async function isNotAlone(store: ObjectStore, { area, key }: NewObject): Promise<string | null> {
  const { versions } = await store.versions({ area, prefix: key });
  return differs(versions.length, 1);
}

function isWeaker(found: Retention | null | undefined, least: Retention): string | null {
  if (!found) return 'it is not locked';
  const isAsLong = found.until.getTime() >= least.until.getTime();
  return isAsLong && found.mode === least.mode
    ? null
    : `it is locked until ${found.until.toISOString()}, ${found.mode}`;
}

/** Null when two values are written the same in JSON, their members in any sequence. */
function differs(found: unknown, expected: unknown): string | null {
  const [one, other] = [written(found), written(expected)];
  return one === other ? null : `${one} instead of ${other}`;
}

const written = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
