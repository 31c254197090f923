import type { z } from 'zod';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { type AccountRow, readAccount } from '../../ledger/read/account.ts';
import { created, denied, type Step } from '../answer.ts';
import { type Asked, type Caller, endpoint } from '../endpoint.ts';
import { toLedgerToken } from '../ledger-token.ts';
import { madeId } from '../made-id.ts';
import { authorize } from '../request/authenticate.ts';
import { account, newAccount } from './schema.ts';
import { viewOfAccount } from './view.ts';

type NewAccountBody = z.infer<typeof newAccount>;

/** `POST /v1/accounts`: opens an account. With an `Idempotency-Key`, the same request again finds the same account. */
export const openAccount = endpoint({
  summary: 'Open an account',
  description: 'With an `Idempotency-Key` the same request again gives the same account, as it is now.',
  body: newAccount,
  status: 201,
  gives: account,
  refusals: ['idempotency_key_reused'],
  run: async (asked, deps) => {
    const { body, caller, key } = asked;
    const may = mayOpen(caller, body);
    if (!may.ok) return may;
    const id = madeId({ tenantId: caller.tenantId, kind: 'account', key });
    const isNew = await deps.book.openAccount({
      id,
      tenantId: caller.tenantId,
      name: body.name,
      kind: body.kind,
      currency: body.currency,
      overdraftLimit: body.overdraft_limit ?? null,
      reference: body.reference ?? null,
      metadata: body.metadata ?? {},
      actor: caller.actor,
    });
    const row = await readAccount(deps.reader, caller.tenantId, id);
    check(row, 'an account that was opened is there');
    if (!isNew && !isSame(row, asked)) {
      return denied('idempotency_key_reused', {
        detail: `The key opened ${toPublic('account', id)}, with other terms.`,
      });
    }
    const token = toLedgerToken(asked.seen, [{ accountId: id, version: row.balance.version.toString() }]);
    return created(viewOfAccount(row, new Date()), {
      Location: `/v1/accounts/${toPublic('account', id)}`,
      ...(token !== null && { 'Ledger-Token': token }),
      ...(!isNew && { 'Idempotent-Replayed': 'true' }),
    });
  },
});

/** An account without a floor, or with one below zero, makes money out of nothing: that is for administrators. */
const mayOpen = (caller: Caller, { kind, overdraft_limit: limit }: NewAccountBody): Step<null> =>
  authorize(caller, kind === 'funding' || (limit ?? '0') !== '0' ? 'accounts:admin' : null);

/** Whether the account was opened by an equal request, as far as what cannot change afterwards tells. */
const isSame = (row: AccountRow, { body }: Asked<null, null, NewAccountBody>): boolean =>
  row.kind === body.kind &&
  row.currency === body.currency &&
  row.reference === (body.reference ?? null) &&
  (row.kind === 'funding' || row.overdraftLimit === BigInt(body.overdraft_limit ?? '0'));
