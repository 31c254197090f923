import type { LocaleFormat } from '../formats/locales.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { french } from './fr.ts';
import { polish } from './pl.ts';
import type { Words } from './words.ts';

/** The words of a statement by language. A change of one raises formatsVersion. */
export const words: Record<LocaleFormat['language'], Words> = {
  en: english,
  de: german,
  fr: french,
  pl: polish,
};
