import type { DocumentWithPostings, PostingRow } from './schema.ts';

/** A posting of a document, with names. Amounts in minor units; ids as clients see them. */
export type DocumentPosting = {
  seq: string;
  at: string;
  valueAt: string;
  amount: bigint;
  balanceAfter: bigint;
  text: string;
  counterparty: string | null;
  reference: string | null;
  transferId: string | null;
  entryId: string;
  reverses: string | null;
  isLate: boolean;
};

/** The postings of a document, oldest first. */
export const postingsOf = (document: DocumentWithPostings): DocumentPosting[] => document.postings.map(toPosting);

function toPosting(row: PostingRow): DocumentPosting {
  const [seq, at, valueAt, amount, balanceAfter, text, counterparty, reference, transferId, entryId, reverses, isLate] =
    row;
  return {
    ...{ seq, at, valueAt, text, counterparty, reference, transferId, entryId, reverses, isLate },
    amount: BigInt(amount),
    balanceAfter: BigInt(balanceAfter),
  };
}

/** The balances before the first and after the last posting of a document: of its part, if it is one. */
export function balancesOf(document: DocumentWithPostings): { opening: bigint; closing: bigint } {
  const { opening, closing } = 'part' in document ? document.part : document;
  return { opening: BigInt(opening), closing: BigInt(closing) };
}
