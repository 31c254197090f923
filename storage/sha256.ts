import { createHash } from 'node:crypto';

/** The checksum of an object, in hex. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
