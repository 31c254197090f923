import { z } from 'zod';
import { railNames } from '../../rails/index.ts';
import { idempotencyKey } from '../http/idempotency-key.ts';
import { problem } from '../openapi/problems.ts';
import { toComponent } from './bank-account.ts';
import { newBankTransfers, newBookTransfer, transfer } from './schema.ts';

/** As many as a group of the platform has. */
const membersMax = 500;

/** How large a batch may be. */
export const batchLimits = {
  // A KiB for each of half a thousand members.
  bytesMax: 512 * 1024,
  // Most members have a dozen names, one with much metadata about seventy.
  namesMax: 20_000,
};

const key = {
  idempotency_key: idempotencyKey.meta({
    description: 'The key of this transfer, as the header has it for a single one: bare, or in quotes.',
  }),
};

const bookMember = newBookTransfer.extend(key).meta({
  id: 'NewBookMember',
  description: 'A transfer to another account of this ledger, with its key.',
});

const bankMembers = newBankTransfers.map(({ rail, schema }) =>
  schema.extend(key).meta({
    id: `New${toComponent(rail)}Member`,
    description: `A transfer to an account at a bank over the rail ${rail}, with its key.`,
  }),
);

const member = z
  .discriminatedUnion('rail', [bookMember, ...bankMembers], `must be one of: ${railNames.join(', ')}`)
  .meta({ id: 'NewMember', description: 'A transfer to make, with its key. `rail` says which kind.' });

/** A transfer of a batch: what `POST /v1/transfers` takes, and the key that is its header there. */
export type NewMember = z.infer<typeof member>;

/** The body of `POST /v1/transfers/batch`. */
export const newBatch = z
  .strictObject({
    transfers: z
      .array(member, 'must be a list of transfers')
      .min(1, 'must have at least one')
      .max(membersMax, `must have at most ${membersMax}`)
      .superRefine(refuseKeyTwice),
  })
  .meta({ id: 'NewBatch', description: 'Transfers that have nothing to do with each other, each under its own key.' });

/** Which of the two would be the repetition of the other nobody could say. */
function refuseKeyTwice(members: { idempotency_key: string }[], context: z.RefinementCtx): void {
  const known = new Set<string>();
  for (const [i, { idempotency_key: name }] of members.entries()) {
    if (known.has(name))
      context.addIssue({
        code: 'custom',
        path: [i, 'idempotency_key'],
        message: 'must be another one than that of each other member',
      });
    known.add(name);
  }
}

/** The answer to one member. */
const memberAnswer = z
  .strictObject({
    idempotency_key: z.string(),
    status: z
      .int()
      .meta({ description: 'The status that `POST /v1/transfers` would have: 201, 422, 429, 500 or 503.' }),
    replayed: z.boolean().meta({ description: 'Whether the key was used with the same transfer before.' }),
    body: z.union([transfer, problem]),
  })
  .meta({ id: 'MemberAnswer', description: 'What became of one transfer of a batch.' });

/** The answers, in the order of the members. */
export const batchAnswer = z
  .strictObject({ object: z.literal('batch'), data: z.array(memberAnswer) })
  .meta({ id: 'Batch', description: 'One answer for each member, in their order.' });
