import type { LocaleFormat } from '../formats/locales.ts';
import type { Words } from '../words/words.ts';

/** How a document is put in words. A client's text goes through `drawable`, which leaves what the font can draw. */
export type Wording = { format: LocaleFormat; words: Words; drawable: (text: string) => string };
