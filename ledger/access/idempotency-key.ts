/** The idempotency key that a request came with, and its fingerprint: SHA-256 of method, route and body, in hex. */
export type IdempotencyKey = { key: string; fingerprint: string };

/**
 * What came of making a thing that is no transfer, under a key or without one.
 * - `made`: now
 * - `replayed`: an equal request made it before, under the same key; the id and the instant are those of then
 * - `key_reused`: the key belongs to another request; it names the transfer or entry that this one made, where it made one
 */
export type MakeOutcome =
  | { result: 'made' | 'replayed'; id: string; createdAt: string }
  | { result: 'key_reused'; transferId: string | null; entryId: string | null };

/** The same, as the functions of the database answer it. */
export type MakeRow =
  | { result: 'made' | 'replayed'; id: string; created_at: string }
  | { result: 'key_reused'; transfer_id: string | null; entry_id: string | null };

export const toMakeOutcome = (row: MakeRow): MakeOutcome =>
  row.result === 'key_reused'
    ? { result: row.result, transferId: row.transfer_id, entryId: row.entry_id }
    : { result: row.result, id: row.id, createdAt: row.created_at };
