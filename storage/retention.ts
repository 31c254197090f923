import type { Retention } from './port.ts';

/** How an environment keeps its objects. */
export type RetentionSettings = { mode: Retention['mode']; years: number };

/** The retention of an object about something that ended then. The 29th of February is kept until the 1st of March. */
export function retentionFrom(end: Date, { mode, years }: RetentionSettings): Retention {
  const until = new Date(end);
  until.setUTCFullYear(until.getUTCFullYear() + years);
  return { mode, until };
}
