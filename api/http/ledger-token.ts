import type { BalanceReading } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';

/**
 * The balances that a client has seen: per account, the version of the last change it knows. It travels as the opaque
 * `Ledger-Token` header, so that a reader is never shown something older than its own writes
 * (docs/adr/0010-reads-come-from-postgres-redis-may-vanish.md).
 */
export type ClientVersions = ReadonlyMap<Uuid, bigint>;

/** A token names this many accounts at most. The oldest drop out: their balances are in every cache by then. */
const accountsMax = 32;
/** 16 bytes of the account's id and 8 of the version. */
const recordBytes = 24;
const tokenForm = /^lt1\.([A-Za-z0-9_-]{0,1024})$/;

export const noVersions: ClientVersions = new Map();

/** The token for what the client had seen and what this answer shows, with the newer versions. Null when it would be empty. */
export function toLedgerToken(
  before: ClientVersions,
  shown: readonly Pick<BalanceReading, 'accountId' | 'version'>[],
): string | null {
  const versions = new Map(before);
  for (const { accountId, version } of shown) {
    const newest =
      BigInt(version) > (versions.get(accountId) ?? -1n) ? BigInt(version) : (versions.get(accountId) ?? 0n);
    // Deleted first, so that what was just shown is last and drops out last.
    versions.delete(accountId);
    versions.set(accountId, newest);
  }
  const kept = [...versions].slice(-accountsMax);
  return kept.length === 0 ? null : `lt1.${Buffer.concat(kept.map(toRecord)).toString('base64url')}`;
}

/** Reads a client's token. Null when the text is not one of ours. */
export function fromLedgerToken(text: string): ClientVersions | null {
  const packed = tokenForm.exec(text)?.[1];
  if (packed === undefined) return null;
  const bytes = Buffer.from(packed, 'base64url');
  // Decoding skips what is not base64; a valid token encodes to the same text again.
  const isOurs = bytes.toString('base64url') === packed && bytes.length % recordBytes === 0;
  if (!isOurs || bytes.length > accountsMax * recordBytes) return null;
  const versions = new Map<Uuid, bigint>();
  for (let at = 0; at < bytes.length; at += recordBytes) {
    const hex = bytes.toString('hex', at, at + 16);
    versions.set(toUuid(hex), bytes.readBigUInt64BE(at + 16));
  }
  return versions;
}

function toRecord([accountId, version]: [Uuid, bigint]): Buffer {
  const record = Buffer.alloc(recordBytes);
  record.write(accountId.replaceAll('-', ''), 'hex');
  record.writeBigUInt64BE(version, 16);
  return record;
}

const toUuid = (hex: string): Uuid =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
