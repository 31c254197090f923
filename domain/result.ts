import type { RefusalCode } from './refusals.ts';

/** The thing, or a refusal. Refusals are values and are returned; faults are thrown; bugs stop. */
export type Result<T, R extends Refusal = Refusal> = { ok: true; value: T } | { ok: false; refusal: R };

/** A no that we can say. `detail` is one safe sentence about this case, when the code alone is not enough. */
export type Refusal = { code: RefusalCode; detail?: string };

/** A result that is the thing itself. */
export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

/** A result that is a refusal. */
export const refused = (code: RefusalCode, detail?: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: detail === undefined ? { code } : { code, detail },
});
