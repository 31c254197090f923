import { createHash } from 'node:crypto';
import { check } from '../domain/check.ts';
import { currencies, isCurrency } from '../domain/currency.ts';
import { toPublic } from '../domain/ids.ts';
import type { StatementFacts, StatementPosting } from '../domain/statement.ts';
import { canonical } from './canonical.ts';
import { checkManifest, checkPart, checkWhole, type Part, type PartOfManifest } from './figures.ts';
import type { DocumentWithPostings, Manifest, PostingRow, StatementDocument } from './schema.ts';

/** A document that is frozen: its bytes, and the SHA-256 of them in hex, which names it from now on. */
export type FrozenDocument = { bytes: Uint8Array; sha256: string };

/** The document of a statement, or of one part of a long one. A Bug when a figure does not tie: nothing is frozen that does not add up. */
export function buildDocument(
  facts: StatementFacts,
  postings: readonly StatementPosting[],
  part?: Part,
): FrozenDocument {
  if (part) checkPart(facts, postings, part);
  else checkWhole(facts, postings);
  const rows = postings.map(toRow);
  const figures = toFigures(facts);
  return frozen(
    part
      ? {
          ...figures,
          part: { n: part.n, of: part.of, opening: String(part.opening), closing: String(part.closing) },
          postings: rows,
        }
      : { ...figures, postings: rows },
  );
}

/** What names the parts of a long statement. A Bug unless they follow each other from the opening to the closing balance. */
export function buildManifest(facts: StatementFacts, parts: readonly PartOfManifest[]): FrozenDocument {
  checkManifest(facts, parts);
  return frozen({ ...toFigures(facts), parts: parts.map(toPartOfManifest) });
}

/** The SHA-256 of a document, in hex. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function frozen(document: StatementDocument): FrozenDocument {
  const bytes = canonical(document);
  return { bytes, sha256: sha256Of(bytes) };
}

function toFigures(facts: StatementFacts): Omit<DocumentWithPostings, 'postings' | 'part'> {
  const { name, reference, currency } = facts.account;
  check(isCurrency(currency), `not a currency of the ledger: ${currency}`);
  return {
    v: 1,
    id: toPublic('statement', facts.id),
    kind: facts.kind,
    number: facts.number,
    edition: facts.edition,
    month: facts.month,
    from: facts.fromAt,
    to: facts.toAt,
    zone: facts.zone,
    locale: facts.locale,
    issued_at: facts.issuedAt,
    account: {
      id: toPublic('account', facts.accountId),
      ...{ name, reference, currency, exponent: currencies[currency].exponent },
    },
    brand: facts.brand,
    opening: String(facts.opening),
    closing: String(facts.closing),
    money_in: toTotal(facts.moneyIn),
    money_out: toTotal(facts.moneyOut),
    late: toTotal(facts.late),
    held: String(facts.held),
    from_seq: String(facts.fromSeq),
    to_seq: String(facts.toSeq),
  };
}

const toTotal = ({ count, amount }: { count: number; amount: bigint }) => ({ count, amount: String(amount) });

const toRow = (posting: StatementPosting): PostingRow => [
  String(posting.seq),
  posting.at,
  posting.valueAt,
  String(posting.amount),
  String(posting.balanceAfter),
  posting.text,
  posting.counterparty,
  posting.reference,
  posting.transferId && toPublic('transfer', posting.transferId),
  toPublic('entry', posting.entryId),
  posting.reverses && toPublic('entry', posting.reverses),
  posting.isLate,
];

const toPartOfManifest = (part: PartOfManifest): Manifest['parts'][number] => ({
  n: part.n,
  sha256: part.sha256,
  opening: String(part.opening),
  closing: String(part.closing),
  postings: part.postings,
  from_seq: String(part.fromSeq),
  to_seq: String(part.toSeq),
});
