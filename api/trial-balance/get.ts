import { z } from 'zod';
import { readTrialBalance, type TrialBalanceRow } from '../../ledger/read/trial-balance.ts';
import { found } from '../http/answer.ts';
import { sum, time } from '../http/fields.ts';
import { operation } from '../http/operation.ts';

const trialBalance = z
  .strictObject({
    object: z.literal('trial_balance'),
    as_of: time,
    balanced: z.boolean().meta({ description: 'Whether debits equal credits in every currency.' }),
    rows: z.array(z.strictObject({ currency: z.string(), kind: z.string(), debits: sum, credits: sum })),
  })
  .meta({ id: 'TrialBalance' });

/** `GET /v1/trial-balance`: debits and credits of all accounts. */
export const getTrialBalance = operation({
  summary: 'Read the trial balance',
  description: 'Debits and credits of all accounts of a kind, per currency, at one moment.',
  status: 200,
  response: trialBalance,
  refusals: [],
  run: async ({ caller }, deps) => {
    const asOf = new Date();
    const rows = await readTrialBalance(deps.reader, caller.tenantId);
    return found({
      object: 'trial_balance',
      as_of: asOf.toISOString(),
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
