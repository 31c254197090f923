import { formatAmount, formatCount } from '../formats/amounts.ts';
import { formatShortDate, isSameDay } from '../formats/dates.ts';
import { fill } from '../formats/fill.ts';
import { balancesOf, type DocumentPosting, postingsOf } from '../posting.ts';
import type { DocumentWithPostings, Manifest, StatementDocument } from '../schema.ts';
import type { Wording } from './wording.ts';

/** A row of the table: what stands in the first column, what it is about with details below, and its amounts. The last amount is the balance. */
export type Row = { first: string; title: string; details: string[]; amounts: string[]; isStrong: boolean };

/** `forward`: what a page begins and ends with, beside the balance, when the table goes on. */
export type Table = {
  heads: { first: string; title: string; amounts: string[] };
  rows: Row[];
  forward: { brought: string; carried: string } | null;
};

/** The table of a statement: its postings between two balances, or the parts that have them. */
export const rowsOf = (document: StatementDocument, wording: Wording): Table =>
  'parts' in document ? partsTable(document, wording) : postingsTable(document, wording);

function postingsTable(document: DocumentWithPostings, wording: Wording): Table {
  const { format, words: w } = wording;
  const amount = (minor: bigint) => formatAmount(minor, document.account.exponent, format);
  const { opening, closing } = balancesOf(document);
  const { n, of } = 'part' in document ? document.part : { n: 1, of: 1 };
  const balance = (title: string, minor: bigint): Row => ({
    ...{ first: '', title, details: [], isStrong: true },
    amounts: ['', '', amount(minor)],
  });
  const postings = postingsOf(document).map(
    (posting): Row => ({
      first: formatShortDate(posting.at, format),
      ...wordsOf(posting, wording),
      amounts: [
        posting.amount < 0n ? amount(-posting.amount) : '',
        posting.amount < 0n ? '' : amount(posting.amount),
        amount(posting.balanceAfter),
      ],
      isStrong: false,
    }),
  );
  const none: Row = { first: '', title: w.empty, details: [], amounts: ['', '', ''], isStrong: false };
  return {
    heads: { first: w.date, title: w.description, amounts: [w.debit, w.credit, w.balance] },
    rows: [
      balance(n === 1 ? w.opening : w.broughtForward, opening),
      ...(postings.length === 0 ? [none] : postings),
      balance(n === of ? w.closing : w.carriedForward, closing),
    ],
    forward: { brought: w.broughtForward, carried: w.carriedForward },
  };
}

/** Whom it is from or for, or its text when nobody is named; below it the rest, and the id under which it can be asked about. */
function wordsOf(
  posting: DocumentPosting,
  { format, words: w, drawable }: Wording,
): { title: string; details: string[] } {
  const counterparty = drawable(posting.counterparty ?? '');
  const text = drawable(posting.text);
  const reference = drawable(posting.reference ?? '');
  const valueDate = `${w.valueDate} ${formatShortDate(posting.valueAt, format)}`;
  const isOtherDay = !isSameDay(posting.at, posting.valueAt);
  const details = [
    counterparty === '' ? '' : text,
    reference === '' ? '' : `${w.postingReference} ${reference}`,
    posting.isLate ? `${valueDate} (${w.late})` : isOtherDay ? valueDate : '',
    posting.reverses === null ? '' : fill(w.reverses, { entry: posting.reverses }),
    posting.transferId ?? posting.entryId,
  ];
  return { title: counterparty || text || '—', details: details.filter((detail) => detail !== '') };
}

function partsTable(document: Manifest, { format, words: w }: Wording): Table {
  const amount = (minor: string) => formatAmount(BigInt(minor), document.account.exponent, format);
  return {
    heads: { first: w.partHead, title: w.document, amounts: [w.postings, w.opening, w.closing] },
    rows: document.parts.map((part) => ({
      first: String(part.n),
      title: part.sha256.slice(0, 16),
      details: [part.sha256],
      amounts: [formatCount(part.postings, format), amount(part.opening), amount(part.closing)],
      isStrong: false,
    })),
    forward: null,
  };
}
