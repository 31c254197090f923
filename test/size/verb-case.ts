/** Who runs a statement in production. An operator logs in as the owner. */
export type Role = 'api' | 'worker' | 'operator';

/** A call of a verb on the size book. `before` and `after`: what a superuser changes for it, and puts back. */
export type VerbCase = {
  what: string;
  role: Role;
  sql: string;
  /** Blocks that it may visit: about twice what it does. */
  max: number;
  before?: string;
  after?: string;
};

/** A case of a worker, of the API or of an operator. */
export const worker = (what: string, sql: string, max: number): VerbCase => ({ what, role: 'worker', sql, max });
export const api = (what: string, sql: string, max: number): VerbCase => ({ what, role: 'api', sql, max });
export const operator = (what: string, sql: string, max: number): VerbCase => ({ what, role: 'operator', sql, max });
