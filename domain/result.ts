import type { RefusalCode } from './refusals.ts';

/** What a verb answers: the thing, or a refusal. Refusals are values and are returned; faults are thrown; bugs stop. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** A no that we can say. `detail` is one safe sentence about this case, when the code alone does not tell it. */
export type Refusal = { code: RefusalCode; detail?: string };

export const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });

export const refused = (code: RefusalCode, detail?: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: detail === undefined ? { code } : { code, detail },
});
