/** How a column is kept honest: the checks that derive it from other rows or bound it, or why nothing could. */
export type ColumnRule = { by: readonly string[] } | { why: string };

/** Found by these checks. */
export const by = (...names: string[]): ColumnRule => ({ by: names });
/** Only the client knew. */
export const asSent: ColumnRule = {
  why: 'What a client sent. The fingerprint of the request is a hash and not what was sent, so nothing else says it.',
};
/** Only the audit says it. */
export const audit: ColumnRule = { why: 'Needs the chain of the audit, which is not built yet.' };
/** Seen once. */
export const observed: ColumnRule = { why: 'What was observed at one moment and is written nowhere else.' };
