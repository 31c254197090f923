/**
 * The currencies of the ledger, each with the number of decimals of its minor unit. The exponent is data
 * (ISO 4217), never taken from Intl, whose figures differ from the standard for a dozen codes.
 */
export const currencies = {
  AUD: { name: 'Australian dollar', exponent: 2 },
  BHD: { name: 'Bahraini dinar', exponent: 3 },
  CAD: { name: 'Canadian dollar', exponent: 2 },
  CHF: { name: 'Swiss franc', exponent: 2 },
  EUR: { name: 'Euro', exponent: 2 },
  GBP: { name: 'Pound sterling', exponent: 2 },
  JPY: { name: 'Yen', exponent: 0 },
  KWD: { name: 'Kuwaiti dinar', exponent: 3 },
  NOK: { name: 'Norwegian krone', exponent: 2 },
  SEK: { name: 'Swedish krona', exponent: 2 },
  USD: { name: 'US dollar', exponent: 2 },
} as const satisfies Record<string, { name: string; exponent: number }>;

export type Currency = keyof typeof currencies;

/** Whether a text is the code of a currency of the table. */
export const isCurrency = (code: string): code is Currency => Object.hasOwn(currencies, code);

/** Wire form of an amount that moves: 1 to 18 digits, no sign, no leading zero (docs/adr/0004-bigint-in-code-strings-on-every-wire.md). */
export const amountForm = /^[1-9][0-9]{0,17}$/;
