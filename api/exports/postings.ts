import type { Cell } from '../../domain/csv.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import {
  type AccountInPeriod,
  type Period,
  readAccountsInPeriod,
  readPostingsMade,
} from '../../ledger/read/exports.ts';
import type { PostingRow } from '../../ledger/read/postings.ts';
import { refuseDetached } from '../http/archived.ts';
import { operation } from '../http/operation.ts';
import { answerWith, type Export } from './export.ts';
import { csvFile, exportQuery } from './schema.ts';

/** `GET /v1/exports/postings.csv`: what was posted in a period, account by account. */
export const exportPostings = operation({
  id: 'exportPostings',
  summary: 'Export postings',
  description:
    "A CSV file of everything that was posted in a period, account by account, the platform's own among them, each posting with the balance after it. Amounts are minor units; those that lower a balance are negative. It is complete if the answer ends as HTTP says that it does, and the trailer `Row-Count` has the number of rows. One export of a tenant at a time.",
  query: exportQuery,
  shows: { type: 'account' },
  status: 200,
  success: 'The file.',
  response: csvFile,
  responseType: 'text/csv',
  refusals: ['archived'],
  run: async ({ query: period, caller }, deps) => {
    const attached = await refuseDetached(period.from, caller, deps);
    return attached.ok ? answerWith(postings, { tenantId: caller.tenantId, period }, deps) : attached;
  },
});

/** Rows of a page: a read of milliseconds, and about a hundred kilobytes. */
const pageMax = 500;
/** Accounts that one read looks at: a year has thirteen months of postings for each. */
const accountsMax = 100;

type Posted = { account: AccountInPeriod; row: PostingRow };

const columns: Record<string, (posted: Posted) => Cell> = {
  account_id: ({ account }) => toPublic('account', account.id),
  account_name: ({ account }) => ({ text: account.name }),
  seq: ({ row }) => row.seq.toString(),
  created_at: ({ row }) => row.createdAt.toISOString(),
  effective_at: ({ row }) => row.effectiveAt.toISOString(),
  amount: ({ row }) => row.signed.toString(),
  balance_after: ({ row }) => row.balanceAfter.toString(),
  currency: ({ row }) => row.currency,
  entry_id: ({ row }) => toPublic('entry', row.entryId),
  transfer_id: ({ row }) => row.transferId && toPublic('transfer', row.transferId),
  id: ({ row }) => toPublic('posting', row.id),
};
const cells = Object.values(columns);

const postings: Export = {
  name: 'postings',
  columns: Object.keys(columns),
  async *pages(reader, tenantId, period) {
    for await (const account of accountsOf(reader, tenantId, period)) {
      let after: PostingRow | undefined;
      for (;;) {
        const its = { ...period, accountId: account.id, after, limit: pageMax };
        const rows = await readPostingsMade(reader, tenantId, its);
        yield rows.map((row) => cells.map((cell) => cell({ account, row })));
        if (rows.length < pageMax) break;
        after = rows.at(-1);
      }
    }
  },
};

/** The accounts that anything was posted to. */
async function* accountsOf(reader: Reader, tenantId: Uuid, period: Period): AsyncIterable<AccountInPeriod> {
  let after: AccountInPeriod | undefined;
  for (;;) {
    const accounts = await readAccountsInPeriod(reader, tenantId, { ...period, after, limit: accountsMax });
    yield* accounts.filter(({ isPosted }) => isPosted);
    if (accounts.length < accountsMax) return;
    after = accounts.at(-1);
  }
}
