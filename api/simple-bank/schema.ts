import { z } from 'zod';
import { amount, currency, currencyCode, idOf, publicId, sum, text, time } from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';
import { transferStatus } from '../transfers/schema.ts';

/** An account of the simple bank: what is posted to it is its balance. */
export const bankAccount = z
  .strictObject({ account_id: publicId('account'), name: z.string(), currency: currencyCode, balance: sum })
  .meta({ id: 'SimpleAccount', description: '`balance`: what is posted, money that a transfer holds included.' });

export type BankAccountView = z.infer<typeof bankAccount>;

/** The balance of one account. */
export const bankBalance = bankAccount
  .omit({ name: true })
  .meta({ id: 'SimpleBalance', description: 'The balance of one account.' });

/** A movement of money: a transfer, whatever route made it. */
export const bankTransfer = z
  .strictObject({
    transaction_id: publicId('transfer'),
    from: publicId('account').nullable(),
    to: publicId('account').nullable(),
    amount,
    currency: currencyCode,
    status: transferStatus,
    created_at: time,
  })
  .meta({
    id: 'SimpleTransaction',
    description:
      '`to` is null where the money left for another bank; `GET /v1/transfers/{transaction_id}` has all of it.',
  });

export type BankTransferView = z.infer<typeof bankTransfer>;

/** The body of `POST /account`. */
export const newBankAccount = z
  .strictObject({
    name: text(200),
    currency: currency
      .nullish()
      // It never changes: the answer to a repeated request is made from it.
      .transform((code) => code ?? ('USD' as const))
      .meta({ description: 'ISO 4217 code, upper case; USD unless given.' }),
  })
  .meta({ id: 'NewSimpleAccount', description: 'An account to open.' });

/** The body of `POST /balance`. */
export const balanceOf = z
  .strictObject({ account_id: idOf('account') })
  .meta({ id: 'SimpleBalanceOf', description: 'The account whose balance is asked for.' });

/** The body of `POST /add_balance`. */
export const deposit = z
  .strictObject({ account_id: idOf('account'), amount })
  .meta({ id: 'SimpleDeposit', description: 'Money to pay into an account.' });

/** What `POST /add_balance` answers: the balance right after the money came in. */
export const deposited = z
  .strictObject({ account_id: publicId('account'), balance: sum, transaction_id: publicId('transfer') })
  .meta({ id: 'SimpleDeposited', description: 'The account after money came in.' });

/** The body of `POST /transfer`. */
export const movement = z
  .strictObject({ from: idOf('account'), to: idOf('account'), amount })
  .meta({ id: 'SimpleTransfer', description: 'Money to move.' });

/** What `POST /transfer` answers. */
export const moved = z
  .strictObject({ transaction_id: publicId('transfer'), status: transferStatus })
  .meta({ id: 'SimpleTransferred', description: 'Money that moved.' });

/** The parameters of the two lists. */
export const accountsQuery = z.strictObject(pageOf('simple_accounts'));
export const bankTransfersQuery = z.strictObject(pageOf('simple_transactions'));
