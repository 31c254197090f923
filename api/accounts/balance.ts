import type { BalanceReading } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import { type AccountRow, readAccount } from '../../ledger/read/account.ts';
import { readBalanceAt } from '../../ledger/read/balance.ts';
import type { Deps } from '../deps.ts';
import { type Answer, found, refused } from '../http/answer.ts';
import { refuseDetached } from '../http/archived.ts';
import { type ClientVersions, toLedgerToken } from '../http/ledger-token.ts';
import { type Caller, operation } from '../http/operation.ts';
import { accountPath, balance, balanceQuery } from './schema.ts';
import { viewOfAccount, viewOfBalance } from './view.ts';

/**
 * `GET /v1/accounts/{id}/balance`: from the cache where it has one that is new enough for this client, else from the ledger,
 * whose answer the cache keeps. A client that sends its `Ledger-Token` never sees less than it knows.
 */
export const getBalance = operation({
  id: 'getBalance',
  summary: 'Read a balance',
  description:
    'Send back the newest `Ledger-Token` that you received, and nothing older than your own writes is served.',
  params: accountPath,
  query: balanceQuery,
  shows: { type: 'balance', of: ({ params }) => params.id },
  mayLag: true,
  status: 200,
  success: 'The balance now, or at the instant that was asked for.',
  hasLedgerToken: true,
  response: balance,
  refusals: ['not_found', 'archived'],
  run: async ({ params, query, caller, versions }, deps) =>
    query.at ? balanceAt(params.id, query.at, caller, deps) : balanceNow(params.id, versions, caller, deps),
});

async function balanceNow(id: Uuid, versions: ClientVersions, caller: Caller, deps: Deps): Promise<Answer> {
  // The cache has no tenants, so it is read only for accounts that row-level security has shown to this one.
  const currency = deps.accountCache.get(caller.tenantId, id)?.currency ?? null;
  const cached = currency === null ? null : await deps.balances.get(id, versions.get(id) ?? 0n);
  if (currency !== null && cached !== null)
    return found(
      viewOfBalance({ accountId: id, currency }, cached, new Date()),
      tokenFor(versions, id, cached.version),
    );
  const row = await readAccount(deps.reader, caller.tenantId, id);
  if (!row) return refused('not_found');
  deps.accountCache.remember(caller.tenantId, id, row);
  // Not awaited: the reader does not depend on whether the cache took it.
  void deps.balances.put([toReading(row)]);
  return found(viewOfAccount(row, new Date()).balance, tokenFor(versions, id, row.balance.version));
}

/** The token for what was just shown. */
function tokenFor(versions: ClientVersions, accountId: Uuid, version: bigint): Record<string, string> {
  const token = toLedgerToken(versions, [{ accountId, version: version.toString() }]);
  return token === null ? {} : { 'Ledger-Token': token };
}

const toReading = ({ id, balance: { posted, held, seq, version } }: AccountRow): BalanceReading => ({
  accountId: id,
  posted: posted.toString(),
  held: held.toString(),
  seq: seq.toString(),
  version: version.toString(),
});

async function balanceAt(id: Uuid, at: Date, caller: Caller, deps: Deps): Promise<Answer> {
  const row = await readAccount(deps.reader, caller.tenantId, id);
  if (!row) return refused('not_found');
  const then = await readBalanceAt(deps.reader, caller.tenantId, { accountId: id, at });
  const attached = await refuseDetached(at, caller, deps);
  if (!attached.ok) return attached;
  const view = viewOfBalance({ accountId: id, currency: row.currency }, { ...then, held: 0n }, at);
  return found({ ...view, held: null, available: null });
}
