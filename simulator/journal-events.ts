import { z } from 'zod';

const bankAccount = z.strictObject({
  routing_number: z.string().regex(/^[0-9A-Za-z]{1,35}$/),
  account_number: z.string().regex(/^[0-9A-Za-z-]{1,34}$/),
  name: z.string().min(1).max(140),
});

/** What a client asks the bank to pay. `amount` is minor units in digits; `rail_key` is the client's own and never changes. */
export const instructionSchema = z.strictObject({
  rail_key: z.string().regex(/^[0-9A-Za-z._-]{1,64}$/),
  amount: z.string().regex(/^[1-9][0-9]{0,17}$/),
  currency: z.string().regex(/^[A-Z]{3}$/),
  destination: bankAccount,
});
export type Instruction = z.infer<typeof instructionSchema>;

/**
 * The events that the journal keeps, one per line, in the order in which they were decided. All that the bank believes is
 * the fold of these lines, so a start after a crash decides exactly as the process before it would have.
 */
export const journalEventSchema = z.discriminatedUnion('kind', [
  /** The bank took an instruction: from here on it is in the bank's state. */
  z.strictObject({
    kind: z.literal('taken'),
    reference: z.string(),
    status: z.enum(['accepted', 'rejected']),
    code: z.string(),
    at: z.string(),
    instruction: instructionSchema,
  }),
  /** It received a key and took nothing: a repetition, a conflict, or a fault before taking. */
  z.strictObject({ kind: z.literal('received'), rail_key: z.string() }),
  /** The virtual clock was advanced. */
  z.strictObject({ kind: z.literal('clock'), now: z.string() }),
]);
export type JournalEvent = z.infer<typeof journalEventSchema>;
export type TakenEvent = Extract<JournalEvent, { kind: 'taken' }>;
