import { z } from 'zod';

/** Schemas that several settings share. Their messages never show the value. */

export const port = z.coerce.number('must be a port number').int('must be a port number').min(0).max(65_535);

export const wholeMillis = z.coerce.number<string>('must be milliseconds').int('must be milliseconds');

/** From a millisecond to a day. */
export const millis = wholeMillis.min(1, 'must be at least 1 millisecond').max(86_400_000, 'must be at most a day');

export const urlOf = (protocol: RegExp) => z.url({ protocol, error: 'must be a URL' });

/** Values separated by commas. */
export const listOf = <T extends z.ZodType<unknown, string>>(member: T) =>
  z
    .string()
    .transform((list) => list.split(',').map((part) => part.trim()))
    .pipe(z.array(member));
