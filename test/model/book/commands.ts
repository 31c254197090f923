import { createHash } from 'node:crypto';
import type { KeyReused } from '../../../domain/key-conflict.ts';

/** What a commit changed is for caches and notices, which a play has not. */
export const ignored = async (): Promise<void> => {};

export const fingerprintOf = (body: string): string => createHash('sha256').update(body).digest('hex');

/** A used key, with what its first request made. */
export const keyReused = ({ conflict }: KeyReused): string =>
  `key_reused ${conflict === null ? 'nothing' : `${conflict.thing} ${conflict.id}`}`;
