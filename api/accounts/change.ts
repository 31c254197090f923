import type { AccountStatus } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import { readAccount } from '../../ledger/read/account.ts';
import type { Deps } from '../deps.ts';
import { found, type HttpResult, refused } from '../http/answer.ts';
import { metadataMessage } from '../http/fields.ts';
import { toLedgerToken } from '../http/ledger-token.ts';
import { type Caller, operation } from '../http/operation.ts';
import { authorize } from '../http/request/authenticate.ts';
import { account, accountChange, accountPath } from './schema.ts';
import { viewOfAccount } from './view.ts';

/** `PATCH /v1/accounts/{id}`: renames, freezes, opens again or closes an account. Harmless to repeat. */
export const changeAccount = operation({
  summary: 'Change an account',
  description:
    'Of two changes of the same field at once the later one stays; `metadata` is merged by name, so changes of different names both stay. The accounts that the platform keeps (clearing, suspense, …) cannot be changed. Changing the status of a funding account needs `accounts:admin`.',
  params: accountPath,
  body: accountChange,
  status: 200,
  response: account,
  refusals: ['not_found', 'account_not_empty', 'state_conflict'],
  permit: ({ params, body, caller }, deps) => mayChange(params.id, body.status, caller, deps),
  run: async ({ params, body, caller, versions }, deps) => {
    const changed = await deps.ledger.changeAccount({
      id: params.id,
      tenantId: caller.tenantId,
      name: body.name ?? null,
      metadata: body.metadata === null ? 'none' : (body.metadata ?? null),
      status: body.status ?? null,
      actor: caller.actor,
    });
    if (!changed.ok) return toRefusal(changed.refusal.code);
    const row = await readAccount(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const token = toLedgerToken(versions, [{ accountId: row.id, version: row.balance.version.toString() }]);
    return found(viewOfAccount(row, new Date()), token === null ? {} : { 'Ledger-Token': token });
  },
});

/** Who stops a funding account stops every deposit: only administrators may. */
async function mayChange(
  id: Uuid,
  status: AccountStatus | undefined,
  caller: Caller,
  deps: Deps,
): Promise<HttpResult<null>> {
  if (status === undefined || authorize(caller, 'accounts:admin').ok) return ok(null);
  const row = await readAccount(deps.reader, caller.tenantId, id);
  return authorize(caller, row?.kind === 'funding' ? 'accounts:admin' : null);
}

const toRefusal = (code: 'not_found' | 'account_not_empty' | 'state_conflict' | 'too_much_metadata') =>
  code === 'too_much_metadata'
    ? refused('validation_failed', {
        errors: [{ pointer: '/metadata', code: 'too_large', message: `${metadataMessage}, with those that it has` }],
      })
    : refused(code);
