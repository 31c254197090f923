import type { Uuid } from './ids.ts';

/** What a request under an idempotency key may make, or change: the names of the database. */
export type KeyedThing = 'transfer' | 'entry' | 'hold' | 'account' | 'api_key' | 'webhook_endpoint' | 'statement';

/** What the request made that a used key belongs to. Null: the ledger refused it, and it made nothing. */
export type KeyConflict = { thing: KeyedThing; id: Uuid } | null;

/** The answer to a request whose key belongs to another one. */
export type KeyReused = { result: 'key_reused'; conflict: KeyConflict };
