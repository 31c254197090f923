import { randomUUID } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import { createTenant } from '../../../ledger/access/create-tenant.ts';
import { anAccount, type Pools } from '../../support/fixtures/accounts.ts';
import { type Book, bookOf } from '../book/book.ts';
import { createModel, type Model, type OwnAccounts, ownOf } from '../model/model.ts';
import type { ModelAccount } from '../model/terms.ts';
import { type Chooser, chooserOf } from './choose.ts';

/** A tenant twice: in the database and in the model. `differences`: what each of them said, where they differed. */
export type Play = {
  model: Model;
  book: Book;
  tenantId: string;
  /** Accounts that a command may name; the last one does not exist. */
  names: string[];
  customers: string[];
  funding: string;
  choose: Chooser;
  commands: number;
  differences: string[];
};

const overdrafts = [0n, 0n, 300n, 1_000n] as const;

export async function startPlay(pools: Pools, seed: number): Promise<Play> {
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Model', actor: 'model' });
  const opened = new Map<string, ModelAccount>();
  const open = async (kind: 'customer' | 'funding', currency: string, overdraft: bigint | null) => {
    const overdraftLimit = overdraft === null ? null : String(overdraft);
    const id = await anAccount(pools, { tenantId, kind, currency, overdraftLimit });
    opened.set(id, emptyAccount({ kind, currency, overdraft }));
    return id;
  };
  // One after the other, so that the same seed plays the same commands.
  const customers: string[] = [];
  for (const overdraft of overdrafts) customers.push(await open('customer', 'USD', overdraft));
  const euros = await open('customer', 'EUR', 0n);
  const funding = await open('funding', 'USD', null);
  const own = await platformAccounts(pools, tenantId);
  const model = createModel(own);
  for (const [id, account] of opened) model.accounts.set(id, account);
  for (const [currency, accounts] of own)
    for (const [kind, id] of Object.entries(accounts) as [keyof OwnAccounts, string][])
      model.accounts.set(id, emptyAccount({ kind, currency, overdraft: kind === 'fees' ? 0n : null }));
  const { clearing, fees } = ownOf(model, 'USD');
  return {
    ...{
      model,
      book: bookOf(pools, tenantId),
      tenantId,
      customers,
      funding,
      choose: chooserOf(seed),
      commands: 0,
      differences: [],
    },
    names: [...customers, ...customers, ...customers, funding, funding, euros, clearing, fees, randomUUID()],
  };
}

type Terms = Pick<ModelAccount, 'kind' | 'currency' | 'overdraft'>;

const emptyAccount = (terms: Terms): ModelAccount => ({
  ...terms,
  status: 'open',
  posted: { debit: 0n, credit: 0n },
  held: { debit: 0n, credit: 0n },
});

async function platformAccounts({ root }: Pools, tenantId: string): Promise<Model['own']> {
  const { rows } = await root.query<OwnAccounts & { currency: string }>(
    `select currency, min(id::text) filter (where kind = 'clearing') as clearing,
       min(id::text) filter (where kind = 'suspense') as suspense, min(id::text) filter (where kind = 'fees') as fees
     from ledger.account where tenant_id = $1 and kind in ('clearing', 'suspense', 'fees') group by currency order by currency`,
    [tenantId],
  );
  return new Map(rows.map(({ currency, ...accounts }) => [currency, accounts]));
}
