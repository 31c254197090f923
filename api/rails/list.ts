import { z } from 'zod';
import { currencies } from '../../domain/currency.ts';
import { schemeNames } from '../../domain/destination.ts';
import { listRails, type RailRow } from '../../ledger/read/rails.ts';
import { networks, railNames } from '../../rails/index.ts';
import { found } from '../http/answer.ts';
import { currencyCode, time } from '../http/fields.ts';
import { operation } from '../http/operation.ts';

const rail = z
  .strictObject({
    object: z.literal('rail'),
    name: z.enum(railNames),
    kind: z.enum(['book', 'message', 'file']).meta({
      description:
        'book: between two accounts of this ledger. message: each transfer is sent by itself. file: many are sent in one file.',
    }),
    destination: z.enum(['account', 'bank']),
    destination_schemes: z.array(z.enum(schemeNames)).meta({
      description: 'The schemes that name an account at a bank on this rail; empty for accounts of this ledger.',
    }),
    currencies: z.array(currencyCode),
    status: z.enum(['up', 'down', 'paused']).meta({
      description:
        'down: the network does not work now. paused: an operator stopped it. Then its transfers wait as `scheduled`.',
    }),
    probe_at: time
      .nullable()
      .meta({ description: 'When a rail that is down is tried again; null for one that is up or paused.' }),
  })
  .meta({ id: 'Rail', description: 'A network that carries money, or the book itself.' });

/** `GET /v1/rails`: the networks that carry money, and whether each works now. */
export const getRails = operation({
  id: 'listRails',
  summary: 'List rails',
  description: 'All networks that carry money, in one page. While one is down, its transfers wait as `scheduled`.',
  status: 200,
  success: 'The rails.',
  response: z
    .strictObject({ data: z.array(rail), next_cursor: z.null() })
    .meta({ id: 'Rails', description: 'All of them.' }),
  refusals: [],
  run: async (_, deps) => found({ data: (await listRails(deps.reader)).flatMap(viewOfRail), next_cursor: null }),
});

/** None for a row of another build: this one does not know such a rail and cannot send to it. */
function viewOfRail({ name, breaker, pausedBy, probeAt }: RailRow) {
  const known = name === 'book' ? book : networks.find((network) => network.name === name);
  if (!known) return [];
  return {
    object: 'rail' as const,
    name,
    kind: known.kind,
    destination: name === 'book' ? ('account' as const) : ('bank' as const),
    destination_schemes: known.destinations,
    currencies: Object.keys(currencies),
    status: pausedBy !== null ? 'paused' : breaker === 'closed' ? 'up' : 'down',
    probe_at: pausedBy === null ? (probeAt?.toISOString() ?? null) : null,
  };
}

/** The ledger itself: the money stays, so no bank is named. */
const book = { kind: 'book', destinations: [] } as const;
