import type { DocumentPosting } from '../posting.ts';
import type { DocumentWithPostings } from '../schema.ts';
import { plainText } from '../text.ts';
import { type Node, signedAmount } from './amounts.ts';
import { shortened } from './shortened.ts';

// What is longer is in the document, and shortened here.
/** The type Max140Text of ISO 20022, in characters. */
const nameMax = 140;
/** The type Max500Text of ISO 20022. */
const textMax = 500;
/** The type Max35Text of ISO 20022. */
const referenceMax = 35;

/** Neither the network nor the kind is known of a posting: a rail's own code would be in its report. */
const noCode = { Domn: { Cd: 'PMNT', Fmly: { Cd: 'NTAV', SubFmlyCd: 'NTAV' } } };

/** A posting as an entry of camt. Its number is its sequence number, and the bank's reference is the entry's id. */
export function entryOf(posting: DocumentPosting, document: DocumentWithPostings): Node {
  const { amount, reverses, entryId } = posting;
  return {
    NtryRef: posting.seq,
    ...signedAmount(amount, document),
    RvslInd: reverses === null ? undefined : 'true',
    Sts: { Cd: 'BOOK' },
    BookgDt: { DtTm: posting.at },
    ValDt: { DtTm: posting.valueAt },
    AcctSvcrRef: entryId,
    BkTxCd: noCode,
    NtryDtls: { TxDtls: detailsOf(posting, document) },
  };
}

function detailsOf(posting: DocumentPosting, document: DocumentWithPostings): Node {
  const { amount, counterparty, reference, text, reverses, transferId } = posting;
  const name = shortened(counterparty ?? '', nameMax);
  const remittance = plainText(reference ?? '');
  const isShort = Array.from(remittance).length <= referenceMax;
  const party = { Pty: { Nm: name } };
  return {
    Refs: {
      EndToEndId: (isShort && remittance) || undefined,
      TxId: transferId ?? undefined,
      ...(reverses !== null && { Prtry: { Tp: 'REVERSES', Ref: reverses } }),
    },
    ...signedAmount(amount, document),
    // The side that gets the money is the creditor; the other side is the one that is named.
    RltdPties: name === undefined ? undefined : amount < 0n ? { Cdtr: party } : { Dbtr: party },
    RmtInf: remittance === '' ? undefined : { Ustrd: shortened(remittance, nameMax) },
    AddtlTxInf: shortened(text, textMax),
  };
}
