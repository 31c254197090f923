import type { LocaleFormat } from './locales.ts';

/** The sign that is as wide as a digit and is read as "minus", where a hyphen may be read as nothing. */
const minus = '\u2212';
const noBreak = '\u00a0';

/** An amount without its currency: `1,234.56`, `−1.234,56`. `exponent` is the number of decimals of the minor unit. */
export function formatAmount(minor: bigint, exponent: number, { decimal, group }: LocaleFormat): string {
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, '0');
  const major = digits.slice(0, digits.length - exponent).replaceAll(/\B(?=(\d{3})+$)/g, group);
  const fraction = exponent === 0 ? '' : `${decimal}${digits.slice(-exponent)}`;
  return `${minor < 0n ? minus : ''}${major}${fraction}`;
}

/** With the code of its currency, where the locale has it: `USD 1,234.56`, `1.234,56 EUR`. They stay in one line. */
export function formatMoney(
  minor: bigint,
  { currency, exponent }: { currency: string; exponent: number },
  format: LocaleFormat,
): string {
  const amount = formatAmount(minor, exponent, format);
  return format.isCurrencyFirst ? `${currency}${noBreak}${amount}` : `${amount}${noBreak}${currency}`;
}

/** How many there are: `1,667`. */
export const formatCount = (count: number, format: LocaleFormat): string => formatAmount(BigInt(count), 0, format);
