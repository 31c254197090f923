/** What a statement says in one language, besides what its document holds. `{…}` is filled in (statements/formats/fill.ts). */
export type Words = {
  title: string;
  interim: string;
  final: string;
  interimNote: string;
  finalNote: string;
  /** `{edition}` and the one `{before}` it. */
  editionNote: string;
  /** `{amount}` of the closing balance. */
  heldNote: string;
  /** `{count}` postings, in all `{amount}`. */
  lateNote: string;
  /** `{of}` parts. */
  partsNote: string;
  empty: string;
  account: string;
  reference: string;
  currency: string;
  number: string;
  edition: string;
  zone: string;
  issued: string;
  opening: string;
  closing: string;
  moneyIn: string;
  moneyOut: string;
  postings: string;
  date: string;
  description: string;
  debit: string;
  credit: string;
  balance: string;
  broughtForward: string;
  carriedForward: string;
  valueDate: string;
  /** Beside the value date of a posting that belongs to an earlier period. */
  late: string;
  /** `{entry}` */
  reverses: string;
  /** Before the reference of a posting. */
  postingReference: string;
  partHead: string;
  /** `{n}` of `{of}`, both. */
  part: string;
  page: string;
  document: string;
  inquiry: string;
};
