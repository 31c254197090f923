const ids = [
  ...(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10'] as const),
  ...(['I11', 'I12', 'I13', 'I14', 'I15', 'I16', 'I17', 'I18', 'I19', 'I20'] as const),
];
type InvariantId = (typeof ids)[number];

/** What must hold of the platform after anything that may happen: the checks that show it, or why SQL alone cannot. */
export type Invariant = { holds: string } & ({ checks: readonly [string, ...string[]] } | { why: string });

/** Every invariant by its number. docs/verify.md is made from it; a test compares it with the checks and with what is planted. */
export const invariants: Readonly<Record<InvariantId, Invariant>> = {
  I1: {
    holds: 'Money is conserved: for each tenant and currency, debits equal credits.',
    checks: ['trial-balance', 'totals'],
  },
  I2: { holds: 'Each entry balances, in one currency and within one tenant.', checks: ['entries'] },
  I3: {
    holds: 'What an account has is the sum of its postings, and what is held of it the sum of its active holds.',
    checks: ['balances', 'held'],
  },
  I4: { holds: "An account's postings are numbered without a gap.", checks: ['sequences'] },
  I5: { holds: 'No account was overdrawn at any step.', checks: ['overdrawn'] },
  I6: {
    holds: 'No acknowledged transfer is lost.',
    why: 'Only clients know what was acknowledged: `test/e2e/kills.test.ts` compares their histories with the books.',
  },
  I7: {
    holds: 'Nothing comes out of nothing.',
    why: 'Only clients know what they asked for: `test/e2e/kills.test.ts`. That every entry has a cause in the books is `causes`.',
  },
  I8: {
    holds: 'What the rail took and what we say that it took agree, once for each transfer.',
    checks: ['truth-ours', 'truth-theirs'],
  },
  I9: {
    holds: 'Every accepted request ends.',
    why: 'A book shows one moment: `test/e2e/kills.test.ts` waits for the end. What should have gone on is `overdue`.',
  },
  I10: {
    holds: 'An end is final: only steps of the state table lead on, each with its own entry.',
    checks: ['states', 'reversals', 'contradictions'],
  },
  I11: { holds: 'What failed is whole again: it moved nothing and holds nothing.', checks: ['no-effect'] },
  I12: {
    holds: 'A key of a tenant is one request, and makes one thing.',
    checks: ['keys'],
  },
  I13: {
    holds: 'Statements agree with the postings.',
    checks: ['statements', 'statement-objects', 'statement-months'],
  },
  I14: {
    holds: 'Every event has its notice for each endpoint that takes it.',
    checks: ['notices'],
  },
  I15: { holds: 'The chain of the audit is unbroken.', why: 'The chain of the audit is not built yet.' },
  I16: {
    holds: 'The cache never decides.',
    why: 'Redis is no part of the books: `cache/balances.test.ts` freezes, empties and poisons it.',
  },
  I17: {
    holds: 'Nothing of one tenant is in the rows of another.',
    checks: ['tenants'],
  },
  I18: { holds: 'Reconciliation finds every break.', why: 'Reconciliation is not built yet.' },
  I19: {
    holds: 'Every open transfer is carried by somebody: none is overdue, those that wait for their rail apart.',
    checks: ['overdue', 'next-steps'],
  },
  I20: { holds: 'A transfer that is submitting or unknown has exactly one active hold.', checks: ['holds'] },
};
