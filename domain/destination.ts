import { check } from './check.ts';

/** What names an account at a bank, by scheme. A new scheme is a line here, a row in {@link schemes} and a line each in `ledger.bank_of` and `ledger.account_number_of`. */
type Members = {
  us_account: { routingNumber: string; accountNumber: string; name: string };
};

export type Scheme = keyof Members;

/** An account at a bank, as the ledger stores it: tagged with its scheme. */
export type BankAccount<S extends Scheme = Scheme> = { [K in S]: { scheme: K } & Members[K] }[S];

/**
 * What a member may hold: a code of a given form, or one line of text for people of at most `textMax` characters. `message`
 * says to a client what is wanted, `shown` what of it clients see.
 */
export type FieldRule = { form: RegExp; message: string; shown?: string } | { textMax: number };

type SchemeRow<S extends Scheme> = {
  /** The rule of each member, in the order in which clients see them. */
  fields: Readonly<Record<keyof Members[S], FieldRule>>;
  /** The account, masked: enough to recognise it, never all of it. */
  mask(account: BankAccount<S>): BankAccount<S>;
  /** The bank that holds it. The breaker counts failures by bank and probes rotate over banks; `ledger.bank_of` says the same in SQL. */
  bankOf(account: BankAccount<S>): string;
  example: BankAccount<S>;
};

export const schemes: { readonly [S in Scheme]: SchemeRow<S> } = {
  us_account: {
    fields: {
      routingNumber: { form: /^[0-9]{9}$/, message: 'must be 9 digits' },
      accountNumber: {
        form: /^[0-9A-Za-z-]{1,34}$/,
        message: 'must be 1 to 34 letters, digits or hyphens',
        shown: 'Only the last four characters are shown.',
      },
      name: { textMax: 140 },
    },
    mask: (account) => ({ ...account, accountNumber: lastFour(account.accountNumber) }),
    bankOf: ({ routingNumber }) => routingNumber,
    example: { scheme: 'us_account', routingNumber: '021000021', accountNumber: '1234567890', name: 'Grace Hopper' },
  },
};

export const schemeNames: readonly Scheme[] = Object.keys(schemes).filter((name): name is Scheme => name in schemes);

/** The scheme of an account that names none. */
export const defaultScheme = 'us_account' satisfies Scheme;

/** Reads an account of a scheme from its members, each of which has been checked against its rule. Throws when one is missing. */
export function toBankAccount(scheme: Scheme, members: Readonly<Record<string, unknown>>): BankAccount {
  const account = { ...members, scheme };
  check(isBankAccount(account), `an account of the scheme ${scheme} has all of its members`);
  return account;
}

export const mask = <S extends Scheme>(account: BankAccount<S>): BankAccount<S> => rowOf(account).mask(account);

export const bankOf = <S extends Scheme>(account: BankAccount<S>): string => rowOf(account).bankOf(account);

/** The same account, known to be of a scheme: for a rail, which takes only those that its definition lists. Throws for another. */
export function ofScheme<S extends Scheme>(account: BankAccount, scheme: S): BankAccount<S> {
  check(isOfScheme(account, scheme), `this rail takes accounts of the scheme ${scheme}, not ${account.scheme}`);
  return account;
}

const rowOf = <S extends Scheme>({ scheme }: BankAccount<S>): SchemeRow<S> => schemes[scheme];

const isOfScheme = <S extends Scheme>(account: BankAccount, scheme: S): account is BankAccount<S> =>
  account.scheme === scheme;

const isBankAccount = (value: { scheme: Scheme } & Record<string, unknown>): value is BankAccount =>
  Object.keys(schemes[value.scheme].fields).every((member) => typeof value[member] === 'string');

/** A number that is not longer than the shown part is masked completely. */
const lastFour = (text: string): string => (text.length > 4 ? `****${text.slice(-4)}` : '****');
