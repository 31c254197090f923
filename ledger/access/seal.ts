import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import { call } from '../call.ts';

/** 256 bits: it cannot be guessed. */
const secretBytes = 32;
/** What a key that somebody made up passes once in 2^48 times. */
const checksumBytes = 6;
const secretForm = /^qk_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{8})$/;

/** What the checksum in every API key of this database is made with. It never changes. */
export const readSeal = async (pool: pg.Pool): Promise<Buffer> =>
  Buffer.from(await call<string>(pool, 'select ledger.api_key_seal() as answer', []), 'hex');

/** What the checksums of cached balances are made with: derived from the seal, so every program of this database has the same. */
export const readCacheKey = (pool: pg.Pool): Promise<Buffer> => keyFor(pool, 'cached balances');

/** What links to files are signed with, likewise. Who reads the seal could make links: it is as secret as the data. */
export const readLinkKey = (pool: pg.Pool): Promise<Buffer> => keyFor(pool, 'links to files');

/** What the networks that refused sign-ins came from are hashed with, likewise: equal ones are equal in every process. */
export const readSourceKey = (pool: pg.Pool): Promise<Buffer> => keyFor(pool, 'sources of refused sign-ins');

const keyFor = async (pool: pg.Pool, use: string): Promise<Buffer> =>
  createHmac('sha256', await readSeal(pool))
    .update(use)
    .digest();

/** A new secret of an API key, with its checksum. */
export function newSecret(seal: Buffer): string {
  const random = randomBytes(secretBytes).toString('base64url');
  return `qk_${random}${checksumOf(random, seal).toString('base64url')}`;
}

/** Whether a secret was made here. It may be revoked or expired all the same. */
export function isSealed(secret: string, seal: Buffer): boolean {
  const [, random, checksum] = secretForm.exec(secret) ?? [];
  return (
    random !== undefined &&
    checksum !== undefined &&
    timingSafeEqual(Buffer.from(checksum, 'base64url'), checksumOf(random, seal))
  );
}

const checksumOf = (random: string, seal: Buffer): Buffer =>
  createHmac('sha256', seal).update(random).digest().subarray(0, checksumBytes);
