import { check } from '../domain/check.ts';
import { ok } from '../domain/result.ts';
import type { Backend } from './backend.ts';
import type { StorageBounds } from './bounds.ts';
import type { Call } from './calls.ts';
import { StorageFault } from './fault.ts';
import { checkKey, checkSha256 } from './key.ts';
import type { NewObject, ObjectStore, ObjectVersion, Retention, StoredObject } from './port.ts';
import { sha256Of } from './sha256.ts';

/** Another writer's object may not be seen yet when it refuses ours; it is at the next look. */
const looksMax = 3;

/**
 * Writes if there is nothing, looks at what is there if there is something, and believes only what the store then says of the version. So a put
 * that was killed anywhere, or whose answer was lost, is repeated and ends the same. It does not look first, because that is a list, which costs a store the most
 * and nearly always says nothing.
 */
export function createPut(backend: Backend, call: Call, { objectBytesMax }: StorageBounds): ObjectStore['put'] {
  return async (object) => {
    checkObject(object, objectBytesMax);
    const { area, key } = object;
    const retention = { ...object.retention, until: wholeSecond(object.retention.until) };
    if (retention.until.getTime() <= Date.now()) return { ok: false, refusal: { code: 'retention_over' } };
    for (let look = 0; look < looksMax; look += 1) {
      const made = await call((signal) => backend.create({ ...object, retention }, signal));
      const versionId = made ?? (await call((signal) => backend.find({ area, key }, signal)));
      if (versionId === null) continue;
      const at = { area, key, versionId };
      const found = await call((signal) => backend.head(at, signal));
      if (found === null) throw new StorageFault('unknown', `${area}: a version that was just there is not`);
      const existed = made === null;
      if (found.sha256 !== object.sha256 || found.bytes !== object.bytes.length) {
        if (existed) return { ok: false, refusal: { code: 'conflict', versionId, sha256: found.sha256 } };
        throw new StorageFault('corrupt', `${area}: what was put has another checksum there`);
      }
      if (!isKept(found, retention)) await keepLonger(at, retention, { existed });
      return ok({ versionId, existed });
    }
    throw new StorageFault('busy', `${area}: others write under that key`);
  };

  /** An older put of the same bytes may have been for less time; a new one that is not locked was not locked on purpose. */
  async function keepLonger(at: ObjectVersion, retention: Retention, { existed }: { existed: boolean }): Promise<void> {
    if (existed) await call((signal) => backend.keep(at, retention, signal));
    const found = existed ? await call((signal) => backend.head(at, signal)) : null;
    if (found === null || !isKept(found, retention))
      throw new StorageFault('lock_refused', `${at.area}: the object is there, and not kept as long as was asked`);
  }
}

/** A Bug for what no store should ever get. */
function checkObject({ key, bytes, sha256 }: NewObject, bytesMax: number): void {
  checkKey(key);
  checkSha256(sha256);
  check(bytes.length > 0 && bytes.length <= bytesMax, `an object has 1 to ${bytesMax} bytes`);
  check(sha256Of(bytes) === sha256, 'the bytes of an object differ from the checksum that came with them');
}

/** Stores keep whole seconds. */
const wholeSecond = (time: Date): Date => new Date(Math.ceil(time.getTime() / 1000) * 1000);

const strength = { governance: 1, compliance: 2 };

const isKept = ({ retention }: StoredObject, least: Retention): boolean =>
  retention !== null && retention.until >= least.until && strength[retention.mode] >= strength[least.mode];
