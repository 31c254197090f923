import { check } from '../domain/check.ts';
import { postingsPerPart, type StatementFacts, type StatementPosting } from '../domain/statement.ts';

/** Which part of how many, with the balances before its first and after its last posting. */
export type Part = { n: number; of: number; opening: bigint; closing: bigint };
export type PartOfManifest = {
  n: number;
  sha256: string;
  opening: bigint;
  closing: bigint;
  postings: number;
  fromSeq: bigint;
  toSeq: bigint;
};

type Range = { opening: bigint; closing: bigint; fromSeq: bigint; toSeq: bigint };

/** A Bug unless these are exactly the postings of the statement, and its totals are theirs. */
export function checkWhole(facts: StatementFacts, postings: readonly StatementPosting[]): void {
  check(postings.length <= postingsPerPart, `a statement of more than ${postingsPerPart} postings has parts`);
  checkFacts(facts);
  checkRange(facts, postings);
  checkTotal(
    'money in',
    facts.moneyIn,
    postings.filter(({ amount }) => amount > 0n),
  );
  checkTotal(
    'money out',
    { ...facts.moneyOut, amount: -facts.moneyOut.amount },
    postings.filter(({ amount }) => amount < 0n),
  );
  checkTotal(
    'late',
    facts.late,
    postings.filter(({ isLate }) => isLate),
  );
}

/** A Bug unless these are exactly the postings of that part. */
export function checkPart(
  facts: StatementFacts,
  postings: readonly StatementPosting[],
  { n, of, opening, closing }: Part,
): void {
  checkFacts(facts);
  const length = facts.toSeq - facts.fromSeq;
  check(of === partsOf(length) && of > 1 && n >= 1 && n <= of, `no part ${n} of ${of} for ${length} postings`);
  check(n > 1 || opening === facts.opening, 'the first part opens with the opening balance');
  check(n < of || closing === facts.closing, 'the last part closes with the closing balance');
  const fromSeq = facts.fromSeq + BigInt(n - 1) * BigInt(postingsPerPart);
  const toSeq = n === of ? facts.toSeq : fromSeq + BigInt(postingsPerPart);
  checkRange({ opening, closing, fromSeq, toSeq }, postings);
}

/** A Bug unless the parts follow each other without a gap and reach from the opening to the closing balance. */
export function checkManifest(facts: StatementFacts, parts: readonly PartOfManifest[]): void {
  checkFacts(facts);
  check(parts.length === partsOf(facts.toSeq - facts.fromSeq) && parts.length > 1, 'a manifest has every part');
  let end = { closing: facts.opening, toSeq: facts.fromSeq };
  for (const [i, part] of parts.entries()) {
    check(part.n === i + 1, `part ${i + 1} is called ${part.n}`);
    check(
      part.opening === end.closing && part.fromSeq === end.toSeq,
      `part ${part.n} begins where the one before ends`,
    );
    check(BigInt(part.postings) === part.toSeq - part.fromSeq, `part ${part.n} has as many postings as numbers`);
    end = part;
  }
  check(end.closing === facts.closing && end.toSeq === facts.toSeq, 'the last part ends where the statement ends');
}

const partsOf = (postings: bigint): number => Number((postings - 1n) / BigInt(postingsPerPart)) + 1;

function checkFacts({ opening, closing, moneyIn, moneyOut, fromSeq, toSeq }: StatementFacts): void {
  check(moneyIn.amount >= 0n && moneyOut.amount >= 0n, 'money in and money out are amounts without a sign');
  check(opening + moneyIn.amount - moneyOut.amount === closing, 'opening + money in − money out = closing');
  check(BigInt(moneyIn.count + moneyOut.count) === toSeq - fromSeq, 'each number of the range is one posting');
}

function checkRange({ opening, closing, fromSeq, toSeq }: Range, postings: readonly StatementPosting[]): void {
  check(BigInt(postings.length) === toSeq - fromSeq, `${postings.length} postings for ${fromSeq} to ${toSeq}`);
  let [seq, balance] = [fromSeq, opening];
  for (const posting of postings) {
    seq += 1n;
    balance += posting.amount;
    check(posting.seq === seq, `posting ${posting.seq} stands where ${seq} should`);
    check(posting.balanceAfter === balance, `the balance after posting ${seq} is the one before and its amount`);
  }
  check(balance === closing, 'the balance after the last posting is the closing balance');
}

function checkTotal(
  name: string,
  { count, amount }: { count: number; amount: bigint },
  postings: readonly StatementPosting[],
): void {
  const sum = postings.reduce((total, posting) => total + posting.amount, 0n);
  check(count === postings.length && amount === sum, `${name} is the number and the sum of its postings`);
}
