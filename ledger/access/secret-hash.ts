import { createHash } from 'node:crypto';

/** What the database keeps of an API key's secret: its SHA-256. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
