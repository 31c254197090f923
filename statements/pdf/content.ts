import { formatCount, formatMoney } from '../formats/amounts.ts';
import { formatDate, formatPeriod } from '../formats/dates.ts';
import { fill } from '../formats/fill.ts';
import { formats } from '../formats/locales.ts';
import type { StatementDocument } from '../schema.ts';
import { words } from '../words/index.ts';
import { rowsOf, type Table } from './rows.ts';
import type { Wording } from './wording.ts';

/** What is printed, as text, before anything is placed. */
export type Content = {
  brand: { name: string; address: string[]; accent: string };
  title: string;
  period: string;
  /** Printed in a frame: that this is no ordinary statement. */
  mark: string | null;
  holder: string;
  details: { label: string; value: string }[];
  summary: { label: string; amount: string; note: string }[];
  notes: string[];
  table: Table;
  footer: { inquiry: string; document: string; page: (n: number, of: number) => string };
};

/** What a document says, as text. A client's text goes through `drawable`, which leaves what the font can draw. */
export function contentOf(document: StatementDocument, sha256: string, drawable: (text: string) => string): Content {
  const format = formats[document.locale];
  const wording: Wording = { format, words: words[format.language], drawable };
  const { inquiry, document: documentWord, page } = wording.words;
  return {
    brand: {
      name: drawable(document.brand.name),
      address: document.brand.address.map(drawable),
      accent: document.brand.accent,
    },
    title: titleOf(document, wording),
    period: formatPeriod(document, format),
    mark: document.kind === 'interim' ? wording.words.interimNote : null,
    holder: drawable(document.account.name),
    details: detailsOf(document, wording),
    summary: summaryOf(document, wording),
    notes: notesOf(document, wording),
    table: rowsOf(document, wording),
    footer: {
      inquiry: `${inquiry}: ${drawable(document.brand.inquiry)}`,
      document: `${documentWord} ${sha256.slice(0, 16)}`,
      page: (n, of) => fill(page, { n, of }),
    },
  };
}

function titleOf({ kind }: StatementDocument, { words: { title, interim, final } }: Wording): string {
  return { monthly: title, interim, final }[kind];
}

function detailsOf(document: StatementDocument, { format, words: w, drawable }: Wording): Content['details'] {
  const { id, reference, currency } = document.account;
  const number = document.number === null ? null : String(document.number);
  const isPart = 'part' in document;
  const values: [string, string | null][] = [
    [w.number, number],
    [w.edition, document.edition > 1 ? String(document.edition) : null],
    [w.partHead, isPart ? fill(w.part, document.part) : null],
    [w.account, id],
    [w.reference, reference && drawable(reference)],
    [w.currency, currency],
    [w.issued, formatDate(document.issued_at, format)],
    [w.zone, drawable(document.zone)],
  ];
  return values.flatMap(([label, value]) => (value === null || value === '' ? [] : [{ label, value }]));
}

function summaryOf(document: StatementDocument, { format, words: w }: Wording): Content['summary'] {
  const money = (minor: string) => formatMoney(BigInt(minor), document.account, format);
  const postings = ({ count }: { count: number }) => `${w.postings}: ${formatCount(count, format)}`;
  return [
    { label: w.opening, amount: money(document.opening), note: '' },
    { label: w.moneyIn, amount: money(document.money_in.amount), note: postings(document.money_in) },
    { label: w.moneyOut, amount: money(document.money_out.amount), note: postings(document.money_out) },
    { label: w.closing, amount: money(document.closing), note: '' },
  ];
}

function notesOf(document: StatementDocument, { format, words: w }: Wording): string[] {
  const { late, held, edition, kind } = document;
  const money = (minor: string) => formatMoney(BigInt(minor), document.account, format);
  return [
    ...(kind === 'final' ? [w.finalNote] : []),
    ...(edition > 1 ? [fill(w.editionNote, { edition, before: edition - 1 })] : []),
    ...('parts' in document ? [fill(w.partsNote, { of: document.parts.length })] : []),
    ...(late.count > 0
      ? [fill(w.lateNote, { count: formatCount(late.count, format), amount: money(late.amount) })]
      : []),
    ...(held === '0' ? [] : [fill(w.heldNote, { amount: money(held) })]),
  ];
}
