import { createHmac, type KeyObject } from 'node:crypto';
import { canonical } from './canonical.ts';

/**
 * What stands in the archive in place of a value that nobody may read there: who has the value and the salt can prove that it was this one. Without
 * the salt, which only the database has, it says nothing, so that the archive stays whole when a person is forgotten. `salt` is made a key once for all that it is used for: that costs more
 * than a commitment.
 */
export const commitmentTo = (value: unknown, salt: KeyObject): string =>
  createHmac('sha256', salt).update(canonical(value)).digest('hex');
