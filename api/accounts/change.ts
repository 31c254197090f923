import type { AccountStatus } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import { readAccount } from '../../ledger/read/account.ts';
import { mayUse } from '../api-keys/may-draw.ts';
import type { Deps } from '../deps.ts';
import { found, type HttpResult, refused } from '../http/answer.ts';
import { metadataMessage } from '../http/fields.ts';
import { etagOf, expectedVersion } from '../http/if-match.ts';
import { toLedgerToken } from '../http/ledger-token.ts';
import { type Caller, operation } from '../http/operation.ts';
import { refuseReadOnly } from '../http/read-only.ts';
import { authorize } from '../http/request/authenticate.ts';
import { account, accountChange, accountPath, accountReadOnly } from './schema.ts';
import { viewOfAccount } from './view.ts';

/** `PATCH /v1/accounts/{id}`: renames, freezes, opens again or closes an account. Harmless to repeat. */
export const changeAccount = operation({
  id: 'changeAccount',
  summary: 'Change an account',
  description:
    'What `GET` gave may be sent back as it is, changed where you like. With `If-Match`, or with the `version` that was read, it is done only if nobody changed the account since, else 412; without, of two changes of the same field at once the later one stays. `metadata` is merged by name, so changes of different names both stay. The accounts that the platform keeps (clearing, suspense, …) cannot be changed. Changing the status of a funding account, and any `overdraft_limit`, needs `accounts:admin`. A key that is restricted to accounts changes no other.',
  params: accountPath,
  body: accountChange,
  status: 200,
  success: 'The account as it is now.',
  hasETag: true,
  hasLedgerToken: true,
  response: account,
  refusals: ['not_found', 'precondition_failed', 'overdraft_in_use', 'account_not_empty', 'state_conflict'],
  permit: ({ params, body, caller }, deps) => mayChange(params.id, body, caller, deps),
  takesIfMatch: true,
  run: async ({ params, body, caller, versions, ifMatch }, deps) => {
    const before = await readAccount(deps.reader, caller.tenantId, params.id);
    if (!before) return refused('not_found');
    const same = refuseReadOnly(body, viewOfAccount(before, new Date()), accountReadOnly);
    if (!same.ok) return same;
    const changed = await deps.ledger.changeAccount({
      id: params.id,
      tenantId: caller.tenantId,
      name: body.name ?? null,
      metadata: body.metadata === null ? 'none' : (body.metadata ?? null),
      status: body.status ?? null,
      reference: body.reference,
      overdraftLimit: body.overdraft_limit ?? undefined,
      version: expectedVersion(ifMatch, body.version),
      actor: caller.actor,
    });
    if (!changed.ok) return toRefusal(changed.refusal.code);
    const row = await readAccount(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const token = toLedgerToken(versions, [{ accountId: row.id, version: row.balance.version.toString() }]);
    return found(viewOfAccount(row, new Date()), {
      ...etagOf(row.version),
      ...(token !== null && { 'Ledger-Token': token }),
    });
  },
});

/** Who stops a funding account stops every deposit, and an overdraft makes money: only administrators may. */
async function mayChange(
  id: Uuid,
  {
    status,
    overdraft_limit: limit,
  }: { status?: AccountStatus | undefined; overdraft_limit?: string | null | undefined },
  caller: Caller,
  deps: Deps,
): Promise<HttpResult<null>> {
  const use = mayUse(caller, id);
  if (!use.ok) return use;
  const isPlain = status === undefined && (limit === undefined || limit === null);
  if (isPlain || authorize(caller, 'accounts:admin').ok) return ok(null);
  const row = await readAccount(deps.reader, caller.tenantId, id);
  // What a read gave may be sent back as it is.
  const isOther = typeof limit === 'string' && row?.overdraftLimit?.toString() !== limit;
  return authorize(caller, isOther || (status !== undefined && row?.kind === 'funding') ? 'accounts:admin' : null);
}

type Code = Extract<Awaited<ReturnType<Deps['ledger']['changeAccount']>>, { ok: false }>['refusal']['code'];

function toRefusal(code: Code) {
  if (code === 'changed_since') return refused('precondition_failed');
  if (code !== 'too_much_metadata') return refused(code);
  const message = `${metadataMessage}, with those that it has`;
  return refused('validation_failed', { errors: [{ pointer: '/metadata', code: 'too_large', message }] });
}
