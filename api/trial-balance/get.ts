import { z } from 'zod';
import { readTrialBalance, type TrialBalanceRow } from '../../ledger/read/trial-balance.ts';
import { found } from '../http/answer.ts';
import { currencyCode, sum, time } from '../http/fields.ts';
import { operation } from '../http/operation.ts';

const trialBalanceRow = z
  .strictObject({
    currency: currencyCode,
    kind: z.string().meta({ description: 'A kind of account.' }),
    debits: sum,
    credits: sum,
  })
  .meta({ id: 'TrialBalanceRow', description: 'Debits and credits of the accounts of a kind in one currency.' });

const trialBalance = z
  .strictObject({
    object: z.literal('trial_balance'),
    as_of: time.meta({ description: 'When it was read, by the clock of the database.' }),
    balanced: z.boolean().meta({ description: 'Whether debits equal credits in every currency.' }),
    rows: z.array(trialBalanceRow),
  })
  .meta({ id: 'TrialBalance', description: 'Debits and credits of all accounts, by currency and kind.' });

/** `GET /v1/trial-balance`: debits and credits of all accounts. */
export const getTrialBalance = operation({
  id: 'getTrialBalance',
  summary: 'Read the trial balance',
  description:
    'Debits and credits of all accounts of a kind, per currency, at one moment. Costs the same however many accounts there are. A kind on which nothing was ever posted has no row.',
  status: 200,
  success: 'The trial balance.',
  response: trialBalance,
  refusals: [],
  run: async ({ caller }, deps) => {
    const { asOf, rows } = await readTrialBalance(deps.reader, caller.tenantId);
    return found({
      object: 'trial_balance',
      as_of: asOf,
      balanced: isBalanced(rows),
      rows: rows.map((row) => ({ ...row, debits: row.debits.toString(), credits: row.credits.toString() })),
    });
  },
});

function isBalanced(rows: TrialBalanceRow[]): boolean {
  const differences = new Map<string, bigint>();
  for (const { currency, debits, credits } of rows) {
    differences.set(currency, (differences.get(currency) ?? 0n) + debits - credits);
  }
  return [...differences.values()].every((difference) => difference === 0n);
}
