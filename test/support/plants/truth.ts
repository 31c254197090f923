type Row = Record<string, string>;

/** A fault between the bank's truth and the books: what it is, the checks of `verify --truth` that find it, and what it does to the bank's row of a transfer. */
export type TruthPlant = readonly [
  name: string,
  checks: readonly string[],
  of: 'accepted' | 'rejected',
  change: (row: Row, rows: Row[]) => void,
];

const both = ['truth-ours', 'truth-theirs'];

/** Faults of what the bank says that it took. */
export const truth: readonly TruthPlant[] = [
  [
    'the bank never took what we completed',
    ['truth-ours'],
    'accepted',
    (row, rows) => rows.splice(rows.indexOf(row), 1),
  ],
  ['the bank took a key twice', both, 'accepted', (row, rows) => rows.push({ ...row })],
  ['the bank took another amount', both, 'accepted', (row) => Object.assign(row, { amount: '101' })],
  ['the bank took another currency', both, 'accepted', (row) => Object.assign(row, { currency: 'EUR' })],
  ['the bank paid another account', ['truth-ours'], 'accepted', (row) => Object.assign(row, { account_number: '1' })],
  [
    'the bank rejected what we completed',
    ['truth-ours'],
    'accepted',
    (row) => Object.assign(row, { status: 'rejected' }),
  ],
  [
    'the bank accepted what we gave back',
    ['truth-ours'],
    'rejected',
    (row) => Object.assign(row, { status: 'accepted' }),
  ],
  [
    'the bank took a key that is not ours',
    ['truth-theirs'],
    'accepted',
    (row, rows) => rows.push({ ...row, rail_key: 'NOT_OURS' }),
  ],
];
