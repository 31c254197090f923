import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Balance, BalanceReading } from '../domain/account.ts';

/** How far the clocks of two machines may differ, in milliseconds. */
const skewMs = 1_000;
/** 128 bits. */
const macBytes = 16;
const packedForm =
  /^((0|[1-9]\d{0,18}):(0|-?[1-9]\d{0,18}):(0|[1-9]\d{0,18}):(0|[1-9]\d{0,18}):([1-9]\d{0,15})):([A-Za-z0-9_-]{22})$/;

/** The place of a balance in Redis, the key of its checksum, and the clock: milliseconds of Unix time. */
export type Place = { key: string; macKey: Buffer; now: number };

/**
 * A balance as Redis keeps it: its figures, when it was written, and a checksum over both and over its place that only the platform
 * can make (docs/adr/0042-a-cached-balance-carries-a-checksum.md).
 */
export function packBalance({ version, posted, held, seq }: BalanceReading, { key, macKey, now }: Place): string {
  const figures = `${version}:${posted}:${held}:${seq}:${now}`;
  return `${figures}:${macOf(key, figures, macKey).toString('base64url')}`;
}

/**
 * Reads it back. Null for what we did not write for this place, and for what is older than `ttlMs`, whatever Redis was told about
 * its expiry. The clock of who wrote it may be up to a second before or behind ours.
 */
export function unpackBalance(packed: string, { key, macKey, now }: Place, ttlMs: number): Balance | null {
  const [, figures, version, posted, held, seq, writtenAt, mac] = packedForm.exec(packed) ?? [];
  if (!figures || !version || !posted || !held || !seq || !writtenAt || !mac) return null;
  if (!timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(key, figures, macKey))) return null;
  const age = now - Number(writtenAt);
  if (age < -skewMs || age >= ttlMs - skewMs) return null;
  return { version: BigInt(version), posted: BigInt(posted), held: BigInt(held), seq: BigInt(seq) };
}

const macOf = (key: string, figures: string, macKey: Buffer): Buffer =>
  createHmac('sha256', macKey).update(`${key} ${figures}`).digest().subarray(0, macBytes);
