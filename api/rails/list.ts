import { z } from 'zod';
import { currencies } from '../../domain/currency.ts';
import { type RailName, railNames } from '../../domain/rail.ts';
import { listRails, type RailRow } from '../../ledger/read/rails.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';

const rail = z
  .strictObject({
    object: z.literal('rail'),
    name: z.enum(railNames),
    destination: z.enum(['account', 'bank']),
    currencies: z.array(z.string()),
    status: z.enum(['open', 'closed', 'held']).meta({
      description:
        'closed: the network does not work now, held: an operator stopped it. Transfers wait as `scheduled`.',
    }),
    opens_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When a closed rail is tried again; null while it is held.' }),
  })
  .meta({ id: 'Rail' });

const destinations = { book: 'account', instant: 'bank' } as const satisfies Record<RailName, 'account' | 'bank'>;

/** `GET /v1/rails`: the networks that carry money, and whether they do now. */
export const getRails = operation({
  summary: 'List rails',
  status: 200,
  response: z.strictObject({ data: z.array(rail), next_cursor: z.null() }).meta({ id: 'Rails' }),
  refusals: [],
  run: async (_, deps) => found({ data: (await listRails(deps.reader)).map(viewOfRail), next_cursor: null }),
});

const viewOfRail = ({ name, breaker, heldBy, probeAt }: RailRow) => ({
  object: 'rail' as const,
  name,
  destination: destinations[name],
  currencies: Object.keys(currencies),
  status: heldBy !== null ? 'held' : breaker === 'closed' ? 'open' : 'closed',
  opens_at: heldBy === null ? (probeAt?.toISOString() ?? null) : null,
});
