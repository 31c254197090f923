import { z } from 'zod';
import { currencies } from '../../domain/currency.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';

const currency = z
  .strictObject({
    object: z.literal('currency'),
    code: z.string(),
    name: z.string(),
    exponent: z.int().meta({ description: 'Decimals of the minor unit: amounts are counted in 10^-exponent.' }),
  })
  .meta({ id: 'CurrencyTerms' });

/** `GET /v1/currencies`: the currencies of the ledger. */
export const getCurrencies = operation({
  summary: 'List currencies',
  status: 200,
  response: z.strictObject({ data: z.array(currency), next_cursor: z.null() }).meta({ id: 'Currencies' }),
  refusals: [],
  run: async () => {
    const data = Object.entries(currencies).map(([code, terms]) => ({ object: 'currency', code, ...terms }));
    return found({ data, next_cursor: null });
  },
});
