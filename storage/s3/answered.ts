import { StorageFault } from '../fault.ts';
import { answerOf, toStorageFault } from './faults.ts';

/** Answers that are no fault, by status. A delete marker has no bytes: 405. */
export const missing = { 404: null, 405: null } as const;
/** Another writer was faster (412), or is writing at this moment (409). */
export const onceOnly = { 409: null, 412: null } as const;

/** What a 404 must be called to be about the object: a login or a bucket that there is not is no absence. */
const absences = ['NoSuchKey', 'NoSuchVersion', 'NotFound', 'NoSuchObjectLockConfiguration'];

/** Runs a call; what S3 answered becomes one of the listed values, or a fault. */
export async function answered<T, E = never>(
  work: () => Promise<T>,
  expected: Readonly<Record<number, E>>,
): Promise<T | E> {
  try {
    return await work();
  } catch (error) {
    const { status = 0, name = '' } = answerOf(error) ?? {};
    const value = expected[status];
    if (value !== undefined && (status !== 404 || absences.includes(name))) return value;
    throw error instanceof StorageFault ? error : toStorageFault(error);
  }
}
