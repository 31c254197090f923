import { setImmediate } from 'node:timers/promises';
import { create, fragment } from 'xmlbuilder2';
import { check } from '../../domain/check.ts';
import { balancesOf, postingsOf } from '../posting.ts';
import type { DocumentWithPostings, StatementDocument } from '../schema.ts';
import { decimal, type Node, signedAmount } from './amounts.ts';
import { entryOf } from './entry.ts';
import { shortened } from './shortened.ts';

/** The type Max70Text of ISO 20022, in characters, for the name of an account; that of its owner is twice as long. */
const nameMax = 70;

/** The two messages, which differ in the names of a few elements. An interim statement is a report: it has no number. */
const messages = {
  statement: { namespace: 'camt.053.001.08', root: 'BkToCstmrStmt', body: 'Stmt', pages: 'StmtPgntn' },
  report: { namespace: 'camt.052.001.08', root: 'BkToCstmrAcctRpt', body: 'Rpt', pages: 'RptPgntn' },
};

/** Entries of one piece: some ten milliseconds of work, after which others have their turn. */
const entriesMax = 50;
/** Stands where the entries go, behind every text of a client. */
const marker = 'entries';

/**
 * The ISO 20022 message of a document, piece by piece: camt.053.001.08, of an interim one camt.052.001.08. A statement with parts is one message for each,
 * which says which page it is. A Bug for a manifest, which has no postings.
 */
export async function* toCamt(document: StatementDocument): AsyncGenerator<string, void, void> {
  check(!('parts' in document), 'a manifest has no postings: ask for a part');
  const frame = create({ version: '1.0', encoding: 'UTF-8' }, frameOf(document)).end();
  const at = frame.lastIndexOf(marker);
  yield `${frame.slice(0, at)}\n`;
  const postings = postingsOf(document);
  for (let i = 0; i < postings.length; i += entriesMax) {
    const entries = postings.slice(i, i + entriesMax).map((posting) => entryOf(posting, document));
    yield `${fragment({ Ntry: entries }).end()}\n`;
    await setImmediate();
  }
  yield `${frame.slice(at + marker.length)}\n`;
}

function frameOf(document: DocumentWithPostings): Node {
  const { namespace, root, body, pages } = messages[document.kind === 'interim' ? 'report' : 'statement'];
  const part = 'part' in document ? document.part : { n: 1, of: 1 };
  const id = part.of === 1 ? document.id : `${document.id}.p${part.n}`;
  const number = document.number === null ? undefined : String(document.number);
  const message: Node = {
    GrpHdr: { MsgId: id, CreDtTm: document.issued_at },
    [body]: {
      Id: id,
      [pages]: { PgNb: String(part.n), LastPgInd: String(part.n === part.of) },
      ElctrncSeqNb: number,
      LglSeqNb: number,
      CreDtTm: document.issued_at,
      FrToDt: { FrDtTm: document.from, ToDtTm: document.to },
      Acct: accountOf(document),
      Bal: balancesIn(document, part),
      TxsSummry: part.of === 1 ? totalsOf(document) : undefined,
      '#': marker,
    },
  };
  return { Document: { '@xmlns': `urn:iso:std:iso:20022:tech:xsd:${namespace}`, [root]: message } };
}

const accountOf = ({ account }: DocumentWithPostings): Node => ({
  Id: { Othr: { Id: account.id } },
  Ccy: account.currency,
  Nm: shortened(account.name, nameMax),
  Ownr: { Nm: shortened(account.name, 2 * nameMax) },
});

/** The balances before the first and after the last posting. Between two parts they are interim ones. */
function balancesIn(document: DocumentWithPostings, { n, of }: { n: number; of: number }): Node[] {
  const { opening, closing } = balancesOf(document);
  const balance = (code: string, minor: bigint, at: string): Node => ({
    Tp: { CdOrPrtry: { Cd: code } },
    ...signedAmount(minor, document),
    Dt: { DtTm: at },
  });
  const isInterim = document.kind === 'interim' || n < of;
  return [
    balance(n === 1 ? 'OPBD' : 'ITBD', opening, document.from),
    balance(isInterim ? 'ITBD' : 'CLBD', closing, document.to),
  ];
}

function totalsOf(document: DocumentWithPostings): Node {
  const { money_in: credits, money_out: debits, account } = document;
  const sum = (minor: string): string => decimal(BigInt(minor), account.exponent);
  return {
    TtlNtries: { NbOfNtries: String(credits.count + debits.count) },
    TtlCdtNtries: { NbOfNtries: String(credits.count), Sum: sum(credits.amount) },
    TtlDbtNtries: { NbOfNtries: String(debits.count), Sum: sum(debits.amount) },
  };
}
