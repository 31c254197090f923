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
 * The facts that the journal keeps, one per line, in the order in which they were decided. All that the bank believes is
 * the fold of these lines, so a start after a crash decides exactly as the process before it would have.
 */
export const factSchema = z.discriminatedUnion('event', [
  /** The bank took an instruction: from here on it believes in it. */
  z.strictObject({
    event: z.literal('took'),
    reference: z.string(),
    status: z.enum(['accepted', 'rejected']),
    code: z.string(),
    at: z.string(),
    instruction: instructionSchema,
  }),
  /** It heard a key and took nothing: a repeat, a conflict, or a fault that comes before taking. */
  z.strictObject({ event: z.literal('heard'), rail_key: z.string() }),
  /** Somebody advanced the virtual clock. */
  z.strictObject({ event: z.literal('clock'), now: z.string() }),
]);
export type Fact = z.infer<typeof factSchema>;
export type TookFact = Extract<Fact, { event: 'took' }>;
