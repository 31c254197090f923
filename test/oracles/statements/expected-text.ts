import type { StatementDocument } from '../../../statements/schema.ts';

type Pieces = (string | null)[];
type WithPostings = Exclude<StatementDocument, { parts: unknown }>;

/** Scripts of the gallery that are not drawn: a `?` stands for each character. */
const undrawn =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Devanagari}\p{Extended_Pictographic}]/gu;
/** Between words, lines and details. */
const between = /[\s·]/gu;

/**
 * The first piece of a document that is not in the text of its PDF, behind the one before; null when all are there in their sequence. Amounts and
 * days are written by ICU here, so that our tables have a second opinion.
 */
export function missingFrom(text: string, document: StatementDocument): string | null {
  const printed = text.replaceAll(between, '').replaceAll('\u2212', '-');
  for (const pieces of [headPieces(document), rowPieces(document)]) {
    let at = 0;
    for (const piece of pieces) {
      if (piece === null || piece === '') continue;
      const found = printed.indexOf(plain(piece), at);
      if (found === -1) return `"${piece}" is missing`;
      at = found + plain(piece).length;
    }
  }
  return null;
}

function headPieces(document: StatementDocument): Pieces {
  const { brand, account, opening, closing, money_in: credits, money_out: debits } = document;
  const money = (minor: string) => amount(BigInt(minor), document);
  return [
    ...[brand.name, ...brand.address, account.name, account.id, account.reference, account.currency, document.zone],
    ...[money(opening), money(credits.amount), money(debits.amount), money(closing)],
  ];
}

function rowPieces(document: StatementDocument): Pieces {
  if ('parts' in document)
    return document.parts.flatMap(({ n, sha256, opening, closing }) => [
      ...[String(n), sha256, amount(BigInt(opening), document), amount(BigInt(closing), document)],
    ]);
  const rows = document.postings.flatMap((row) => postingPieces(row, document));
  const { opening, closing } = 'part' in document ? document.part : document;
  return [amount(BigInt(opening), document), ...rows, amount(BigInt(closing), document)];
}

function postingPieces(row: WithPostings['postings'][number], document: WithPostings): Pieces {
  const [, at, valueAt, minor, balance, text, counterparty, reference, transferId, entryId, reverses, isLate] = row;
  const isOtherDay = isLate || at.slice(0, 10) !== valueAt.slice(0, 10);
  return [
    day(at, document),
    ...[plain(counterparty ?? '') === '' ? null : counterparty, text, reference],
    ...[isOtherDay ? day(valueAt, document) : null, reverses, transferId ?? entryId],
    amount(BigInt(minor) < 0n ? -BigInt(minor) : BigInt(minor), document),
    amount(BigInt(balance), document),
  ];
}

const plain = (text: string): string =>
  text.normalize('NFC').replaceAll(between, '').replaceAll(/\p{C}/gu, '').replaceAll(undrawn, '?');

function amount(minor: bigint, { locale, account: { exponent } }: StatementDocument): string {
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, '0');
  const decimal = `${digits.slice(0, digits.length - exponent)}.${digits.slice(digits.length - exponent)}`;
  const format = new Intl.NumberFormat(locale, {
    ...{ minimumFractionDigits: exponent, maximumFractionDigits: exponent, useGrouping: 'always' },
  });
  // As text it keeps every digit; its type knows only numbers that have a form of their own.
  const written = Reflect.apply(format.format, format, [decimal]);
  return `${minor < 0n ? '-' : ''}${written}`;
}

function day(at: string, { locale }: StatementDocument): string {
  const isNumeric = !locale.startsWith('en');
  const date = new Date(`${at.slice(0, 10)}T00:00:00Z`);
  const [one, month] = isNumeric ? (['2-digit', '2-digit'] as const) : (['numeric', 'short'] as const);
  return new Intl.DateTimeFormat(locale, { day: one, month, year: 'numeric', timeZone: 'UTC' }).format(date);
}
