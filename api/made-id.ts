import { createHash } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import type { Uuid } from '../domain/ids.ts';

/**
 * The id of a new thing that is not a transfer. With an idempotency key it is made from tenant, kind and key (a UUIDv8), so
 * a repeated request makes the same thing and not a second one; without, it is fresh. Transfers need more than this, because
 * their first answer must be kept: the ledger stores their keys.
 */
export function madeId({ tenantId, kind, key }: { tenantId: Uuid; kind: string; key: string | null }): Uuid {
  if (key === null) return uuidV7();
  const bytes = createHash('sha256').update(`${tenantId} ${kind} ${key}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
