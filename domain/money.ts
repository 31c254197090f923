import { check } from './check.ts';

/** An amount of money: a count of minor units (cents, pence, fils) and its ISO 4217 code. Never a number, never a float. */
export type Money = { readonly amount: bigint; readonly currency: string };

/**
 * The currencies this platform keeps books in, each with the number of decimals of its minor unit. The exponent is data
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

/** Whether the code is one we keep books in. Case matters: `usd` is refused, not mended. */
export const isCurrency = (code: string): code is Currency => Object.hasOwn(currencies, code);

/** Wire form of an amount that moves: 1 to 18 digits, no sign, no leading zero (docs/adr/0004-bigint-in-code-strings-on-every-wire.md). */
export const amountForm = /^[1-9][0-9]{0,17}$/;

/** Reads an amount off a wire or a row. A Bug on anything but plain digits: the edge has checked it before. */
export function toAmount(text: string): bigint {
  check(/^-?(0|[1-9][0-9]{0,18})$/.test(text), 'an amount must be plain digits');
  return BigInt(text);
}

/** Decimal text for people: `formatMoney({ amount: 1250n, currency: 'USD' })` → `12.50 USD`. */
export function formatMoney({ amount, currency }: Money): string {
  const exponent = isCurrency(currency) ? currencies[currency].exponent : 0;
  const sign = amount < 0n ? '-' : '';
  const plain = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, '0');
  const decimals = exponent === 0 ? '' : `.${plain.slice(-exponent)}`;
  return `${sign}${plain.slice(0, plain.length - exponent)}${decimals} ${currency}`;
}
