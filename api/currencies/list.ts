import { z } from 'zod';
import { currencies } from '../../domain/currency.ts';
import { found } from '../http/answer.ts';
import { currencyCode } from '../http/fields.ts';
import { operation } from '../http/operation.ts';

const currency = z
  .strictObject({
    object: z.literal('currency'),
    code: currencyCode,
    name: z.string(),
    exponent: z.int().meta({ description: 'Decimals of the minor unit: amounts are counted in 10^-exponent.' }),
  })
  .meta({ id: 'CurrencyTerms', description: 'A currency of the ledger.' });

/** `GET /v1/currencies`: the currencies of the ledger. */
export const getCurrencies = operation({
  id: 'listCurrencies',
  summary: 'List currencies',
  description: 'All currencies of the ledger, in one page.',
  status: 200,
  success: 'The currencies.',
  response: z
    .strictObject({ data: z.array(currency), next_cursor: z.null() })
    .meta({ id: 'Currencies', description: 'All of them.' }),
  refusals: [],
  run: async () => {
    const data = Object.entries(currencies).map(([code, terms]) => ({ object: 'currency', code, ...terms }));
    return found({ data, next_cursor: null });
  },
});
