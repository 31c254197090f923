import type { StatementLocale } from '../../domain/statement.ts';

/**
 * How amounts and dates are written, as tables of our own: those of Node change with its version, and the same document would become
 * another PDF. `{d}` a day of the month, `{dd}` with two digits, `{mm}` the month in two digits, `{month}` its name in a date, `{short}` abbreviated,
 * `{y}` the year.
 */
export type LocaleFormat = {
  /** The language of the words, and of the document for a screen reader. */
  language: 'en' | 'de' | 'fr' | 'pl';
  decimal: string;
  group: string;
  /** Whether the code of the currency stands before the amount. */
  isCurrencyFirst: boolean;
  date: string;
  shortDate: string;
  /** The first of a month, where a language writes it otherwise. */
  first?: string;
  /** Between the date and the time. */
  beforeTime: string;
  months: readonly string[];
  shortMonths: readonly string[];
};

/** Raised with every change of a table below or of the words: it is part of the renderer's id. */
export const formatsVersion = 1;

const english = {
  language: 'en',
  decimal: '.',
  group: ',',
  isCurrencyFirst: true,
  beforeTime: ', ',
  months: 'January February March April May June July August September October November December'.split(' '),
  shortMonths: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' '),
} as const;

export const formats: Record<StatementLocale, LocaleFormat> = {
  'en-GB': { ...english, date: '{d} {month} {y}', shortDate: '{d} {short} {y}' },
  'en-US': { ...english, date: '{month} {d}, {y}', shortDate: '{short} {d}, {y}' },
  'de-DE': {
    language: 'de',
    decimal: ',',
    group: '.',
    isCurrencyFirst: false,
    date: '{d}. {month} {y}',
    shortDate: '{dd}.{mm}.{y}',
    beforeTime: ', ',
    months: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' '),
    shortMonths: 'Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.'.split(' '),
  },
  'fr-FR': {
    language: 'fr',
    decimal: ',',
    group: '\u202f',
    isCurrencyFirst: false,
    date: '{d} {month} {y}',
    shortDate: '{dd}/{mm}/{y}',
    first: '1er',
    beforeTime: ' à ',
    months: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
    shortMonths: 'janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.'.split(' '),
  },
  'pl-PL': {
    language: 'pl',
    decimal: ',',
    group: '\u00a0',
    isCurrencyFirst: false,
    date: '{d} {month} {y}',
    shortDate: '{dd}.{mm}.{y}',
    beforeTime: ', ',
    // In a date the name of a month stands in the genitive.
    months: 'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia'.split(
      ' ',
    ),
    shortMonths: 'sty lut mar kwi maj cze lip sie wrz paź lis gru'.split(' '),
  },
};
