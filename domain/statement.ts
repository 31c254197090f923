import type { Uuid } from './ids.ts';

/**
 * What a statement covers. `monthly`: a calendar month in the tenant's zone. `final`: up to the moment in which its account was
 * closed. Those two are numbered without a gap, and each begins where the one before it ended. `interim`: on request, from where the last of those
 * ended up to now; it has no number, and nothing begins where it ends.
 */
export const statementKinds = ['monthly', 'final', 'interim'] as const;
export type StatementKind = (typeof statementKinds)[number];

/** `cut`: its range of sequence numbers is fixed for good. `ready`: its document is stored and can be read. */
export const statementStatuses = ['cut', 'ready'] as const;
export type StatementStatus = (typeof statementStatuses)[number];

/**
 * What an account without a posting in a month gets. `monthly`: a statement that says so. `quarterly`: one at the end of a quarter of the year.
 * `skipped`: none, until something is posted. The next statement covers the months without one too.
 */
export const quietMonths = ['monthly', 'quarterly', 'skipped'] as const;
export type QuietMonths = (typeof quietMonths)[number];

/** The languages and forms of statements: its dates and amounts are in `statements/formats`, its words in `statements/words`. */
export const statementLocales = ['en-GB', 'en-US', 'de-DE', 'fr-FR', 'pl-PL'] as const;
export type StatementLocale = (typeof statementLocales)[number];

/** How a tenant's statements look. `inquiry`: whom a reader asks, an address or a telephone number; `accent`: `#rrggbb`, see {@link isLegible}. */
export type StatementBrand = { name: string; address: string[]; inquiry: string; accent: string };

/** The largest of each, in characters, and in lines for the address. The table `statement_plan` has the same. */
export const brandLimits = {
  // A company's name with its form, on two lines of the head.
  name: 120,
  // What stands below it without making the head longer than the figures.
  addressLines: 6,
  // The width of that column.
  addressLine: 80,
  // Two lines at the foot of each page.
  inquiry: 200,
} as const;

/** Postings of one document: a statement with more has parts, and a manifest that names them. The ledger has the same. */
export const postingsPerPart = 5_000;

/** Statements on request, for one account on one day by UTC. The ledger has the same. */
export const interimsPerDay = 10;

/** How many postings, and their amounts together in minor units. */
export type StatementSum = { count: number; amount: bigint };

/** An account as its statement names it: as it was called when the statement was cut. */
export type StatementAccount = { name: string; reference: string | null; currency: string };

/**
 * Everything that a statement says except its postings, fixed when it was cut: of the account's postings those with a sequence number above `fromSeq`
 * and up to `toSeq`. Amounts are minor units, seen from the account's own side; `opening + moneyIn - moneyOut = closing`. `late`: of both,
 * what was effective, or committed, before `fromAt`, its amount signed. `held`: set aside when it was cut, and part of no sum. Instants: RFC 3339,
 * milliseconds, with the offset of `zone`, so that the first ten characters are the day there; `issuedAt` is when it was cut. `month`: yyyy-mm; of a final one the month of its end; null for an interim one, as is `number`.
 */
export type StatementFacts = {
  id: Uuid;
  tenantId: Uuid;
  accountId: Uuid;
  kind: StatementKind;
  number: number | null;
  edition: number;
  month: string | null;
  fromAt: string;
  toAt: string;
  zone: string;
  locale: StatementLocale;
  issuedAt: string;
  account: StatementAccount;
  brand: StatementBrand;
  opening: bigint;
  closing: bigint;
  moneyIn: StatementSum;
  moneyOut: StatementSum;
  late: StatementSum;
  held: bigint;
  fromSeq: bigint;
  toSeq: bigint;
};

/**
 * A posting as a statement shows it. `amount` is positive where it raised the balance; `valueAt`: when it took effect; `counterparty`: who was on the other side, as
 * that was called when the statement was cut, null where it was the platform; `reverses`: the entry that its entry undoes.
 */
export type StatementPosting = {
  seq: bigint;
  at: string;
  valueAt: string;
  amount: bigint;
  balanceAfter: bigint;
  text: string;
  counterparty: string | null;
  reference: string | null;
  transferId: Uuid | null;
  entryId: Uuid;
  reverses: Uuid | null;
  isLate: boolean;
};

/** Whether text of this colour (`#rrggbb`) on white has the contrast of 4.5 that WCAG 2.2 asks for. */
export function isLegible(accent: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => toLinear(Number.parseInt(accent.slice(at, at + 2), 16)));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5;
}

/** A channel of sRGB, 0 to 255, as its share of light. */
function toLinear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
