import { listAccounts } from '../../ledger/read/account.ts';
import type { Page, Place } from '../../ledger/read/page.ts';
import { listTransfers } from '../../ledger/read/transfers.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { toList } from '../http/pagination.ts';
import { authorize } from '../http/request/authenticate.ts';
import { allData, dataQuery, type PartOfList } from './data-schema.ts';
import { viewOfAccount, viewOfTransfer } from './view.ts';

/** `GET /get_all_data`: both lists at once, a page of each, with one cursor for the two. */
export const getAllData = operation({
  id: 'listSimpleData',
  summary: 'List accounts and transactions of the simple bank',
  description:
    'A page of each list: at most `limit` accounts and at most `limit` transactions. Go on with `next_cursor` until it is null; a list that has ended stays empty. Needs the scope `transfers:read` too.',
  query: dataQuery,
  shows: { type: 'account' },
  status: 200,
  success: 'One page of each list.',
  response: allData,
  refusals: ['validation_failed'],
  permit: async ({ caller }) => authorize(caller, 'transfers:read'),
  run: async ({ query, caller }, { reader }) => {
    const { limit, cursor } = query;
    const filter = { kind: 'customer' } as const;
    const [accounts, transactions] = await Promise.all([
      pageFrom(cursor.accounts, (after) => listAccounts(reader, caller.tenantId, { filter, page: { limit, after } })),
      pageFrom(cursor.transactions, (after) =>
        listTransfers(reader, caller.tenantId, { filter: {}, page: { limit, after } }),
      ),
    ]);
    const first = toList('simple_accounts', accounts, viewOfAccount);
    const second = toList('simple_transactions', transactions, viewOfTransfer);
    const isLast = first.next_cursor === null && second.next_cursor === null;
    return found({
      accounts: first.data,
      transactions: second.data,
      next_cursor: isLast ? null : `${first.next_cursor ?? ''}.${second.next_cursor ?? ''}`,
    });
  },
});

const pageFrom = async <Row>(
  part: PartOfList,
  read: (after: Place | null) => Promise<Page<Row>>,
): Promise<Page<Row>> => (part === 'ended' ? { rows: [], next: null } : read(part.after));
