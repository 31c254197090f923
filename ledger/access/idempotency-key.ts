import type { KeyReused } from '../../domain/key-conflict.ts';

/** The idempotency key that a request came with, and its fingerprint: SHA-256 of method, route and body, in hex. */
export type IdempotencyKey = { key: string; fingerprint: string };

/**
 * What came of making a thing that is no transfer, under a key or without one.
 * - `made`: now
 * - `replayed`: an equal request made it before, under the same key; the id and the instant are those of then
 * - `key_reused`: the key belongs to another request, and what that one made
 */
export type MakeOutcome = { result: 'made' | 'replayed'; id: string; createdAt: string } | KeyReused;

/** The same, as the functions of the database answer it. */
export type MakeRow = { result: 'made' | 'replayed'; id: string; created_at: string } | KeyReused;

export const toMakeOutcome = (row: MakeRow): MakeOutcome =>
  row.result === 'key_reused' ? row : { result: row.result, id: row.id, createdAt: row.created_at };
