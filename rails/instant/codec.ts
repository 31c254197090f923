import { z } from 'zod';
import { ofScheme } from '../../domain/destination.ts';
import type { RailAttempt } from '../../domain/rail.ts';

/** An answer of this rail, as far as we read it. More fields may come; these must have their form. */
const answerSchema = z.object({
  code: z.string().regex(/^[0-9A-Za-z_]{1,35}$/),
  status: z.enum(['accepted', 'rejected', 'pending']).optional(),
  rail_key: z.string().optional(),
  rail_reference: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/)
    .optional(),
  amount: z.string().optional(),
  currency: z.string().optional(),
});
export type InstantAnswer = z.infer<typeof answerSchema>;

/** The instruction to the bank, as it is sent. */
export function toBody({ railKey, amount, currency, destination }: RailAttempt): string {
  const { routingNumber, accountNumber, name } = ofScheme(destination, 'us_account');
  return JSON.stringify({
    rail_key: railKey,
    amount,
    currency,
    destination: { routing_number: routingNumber, account_number: accountNumber, name },
  });
}

/** Reads an answer, or returns one word that says why it cannot be read. */
export function readAnswer(text: string): InstantAnswer | 'answer_not_json' | 'answer_malformed' {
  const value = parseJson(text);
  if (value === undefined) return 'answer_not_json';
  const parsed = answerSchema.safeParse(value);
  return parsed.success ? parsed.data : 'answer_malformed';
}

/**
 * Whether the answer is about this attempt. A decisive answer names the key, and one about the transfer itself
 * also repeats amount and currency, so an answer to another request is never used.
 */
export function isAbout(attempt: RailAttempt, answer: InstantAnswer): boolean {
  if (answer.rail_key !== attempt.railKey) return false;
  if (answer.status === undefined) return answer.amount === undefined && answer.currency === undefined;
  return answer.amount === attempt.amount && answer.currency === attempt.currency;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A truncated body or a gateway's page. JSON has no `undefined`, so it can mean "not JSON".
    return undefined;
  }
}
