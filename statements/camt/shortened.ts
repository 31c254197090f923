import { plainText } from '../text.ts';

/** A text as far as an element of ISO 20022 takes it, in characters; undefined where nothing is left, so that no element is written. */
export const shortened = (text: string, charactersMax: number): string | undefined =>
  Array.from(plainText(text)).slice(0, charactersMax).join('').trim() || undefined;
