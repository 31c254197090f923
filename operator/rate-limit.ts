import { ExplainedError } from '../config/explain-error.ts';

/** A rate as an option gives it, or null without one. Throws a sentence for another text. */
export function limitOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new ExplainedError('--rate-limit must be a whole number from 1 up.');
  return Number(text);
}
