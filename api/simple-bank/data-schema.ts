import { z } from 'zod';
import type { Place } from '../../ledger/read/page.ts';
import { pageOf, toPlace } from '../http/pagination.ts';
import { bankAccount, bankTransfer } from './schema.ts';

/** Where a page of one of the two lists begins, or that all of it was read. */
export type PartOfList = 'ended' | { after: Place | null };

const beginning = { accounts: { after: null }, transactions: { after: null } } as const;

/** The cursors of both lists with a dot between; nothing stands for a list that has ended. */
const cursor = z
  .string()
  .max(512)
  .transform((text, context): { accounts: PartOfList; transactions: PartOfList } => {
    const [first, second, ...more] = text.split('.');
    const accounts = partOf('simple_accounts', first);
    const transactions = partOf('simple_transactions', second);
    if (accounts !== null && transactions !== null && more.length === 0 && text !== '.')
      return { accounts, transactions };
    context.issues.push({
      code: 'custom',
      message: 'must be the next_cursor of an answer of this list',
      input: text,
    });
    return beginning;
  })
  .optional()
  .transform((place) => place ?? beginning)
  .meta({ description: '`next_cursor` of the page before.' });

function partOf(list: string, text: string | undefined): PartOfList | null {
  if (text === undefined) return null;
  if (text === '') return 'ended';
  const after = toPlace(list, text);
  return after && { after };
}

/** The parameters of `GET /get_all_data`. */
export const dataQuery = z.strictObject({ limit: pageOf('simple_data').limit, cursor });

/** What `GET /get_all_data` answers. */
export const allData = z
  .strictObject({
    accounts: z.array(bankAccount),
    transactions: z.array(bankTransfer),
    next_cursor: z.string().nullable(),
  })
  .meta({
    id: 'SimpleData',
    description: 'A page of each list, newest first. `next_cursor` is null on the last page.',
  });
