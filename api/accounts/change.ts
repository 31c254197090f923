import { readAccount } from '../../ledger/read/account.ts';
import { found, refused } from '../http/answer.ts';
import { toLedgerToken } from '../http/ledger-token.ts';
import { operation } from '../http/operation.ts';
import { account, accountChange, accountPath } from './schema.ts';
import { viewOfAccount } from './view.ts';

/** `PATCH /v1/accounts/{id}`: renames, freezes, opens again or closes an account. Harmless to repeat. */
export const changeAccount = operation({
  summary: 'Change an account',
  params: accountPath,
  body: accountChange,
  status: 200,
  response: account,
  refusals: ['not_found', 'account_not_empty', 'state_conflict'],
  run: async ({ params, body, caller, versions }, deps) => {
    const changed = await deps.ledger.changeAccount({
      id: params.id,
      tenantId: caller.tenantId,
      name: body.name ?? null,
      metadata: body.metadata ?? null,
      status: body.status ?? null,
      actor: caller.actor,
    });
    if (!changed.ok) return changed;
    const row = await readAccount(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const token = toLedgerToken(versions, [{ accountId: row.id, version: row.balance.version.toString() }]);
    return found(viewOfAccount(row, new Date()), token === null ? {} : { 'Ledger-Token': token });
  },
});
