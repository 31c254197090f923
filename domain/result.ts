import type { RefusalCode } from './refusals.ts';

/** A value, or a refusal. Refusals are values and are returned; faults are thrown; bugs stop. */
export type Result<T, R = Refusal> = { ok: true; value: T } | { ok: false; refusal: R };

/** A refusal. `detail` is one safe sentence about this case, when the code alone is not enough. */
export type Refusal = { code: RefusalCode; detail?: string };

/** A result with a value. */
export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
