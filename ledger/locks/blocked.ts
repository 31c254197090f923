/** Commands that would wait for a row which another transaction has locked: the command's id, and the transaction that holds the lock. */
export type Blocked = ReadonlyMap<string, string>;
