import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { problem } from './answers.ts';
import { type Bank, resetBank } from './bank.ts';
import { readBody } from './body.ts';
import { outageSchema } from './outage.ts';
import { apply, type BankState, type TakenInstruction } from './state.ts';

/** A page of a few MiB. */
const truthItemsMax = 10_000;
/** A year at a time. */
const advanceMaxMs = 366 * 24 * 3_600_000;
/** Where the virtual clock ends: RFC 3339 has four digits for the year. */
const lastInstant = Date.parse('9999-12-31T23:59:59.999Z');

const pageSchema = z.strictObject({
  after: z
    .string()
    .regex(/^[0-9]{1,9}$/)
    .default('0')
    .transform(Number),
  limit: z
    .string()
    .regex(/^[0-9]{1,5}$/)
    .default('1000')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= truthItemsMax),
});
const advanceSchema = z.strictObject({ ms: z.number().int().min(1).max(advanceMaxMs) });

/** What a real bank does not have: its truth, its clock, outages on request, and a reset. Changes need the token, if there is one. */
export function controlRoutes(bank: Bank, token: string | null): Router {
  const router = new Router({ prefix: '/control' });
  router.use(async (ctx, next) => {
    if (ctx.method !== 'POST' || token === null || isSame(ctx.get('Authorization'), `Bearer ${token}`)) return next();
    const { status, body } = problem('control_token_needed');
    ctx.status = status;
    ctx.body = body;
  });
  router.get('/truth', (ctx) => truth(ctx, bank));
  router.get('/clock', (ctx) => {
    ctx.body = clock(bank.state);
  });
  router.post('/clock/advance', (ctx) => advance(ctx, bank));
  router.post('/down', (ctx) => setOutage(ctx, bank));
  router.post('/reset', async (ctx) => {
    await resetBank(bank);
    ctx.body = { reset: true };
  });
  return router;
}

/** Compared in a time that does not depend on where two texts differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

async function truth(ctx: Context, bank: Bank): Promise<void> {
  const page = pageSchema.safeParse({ ...ctx.query });
  if (!page.success) return refuse(ctx, `after is a cursor, limit is 1 to ${truthItemsMax}.`);
  const { after, limit } = page.data;
  const { taken, totals } = bank.state;
  const end = Math.min(after + limit, taken.length);
  const body = {
    data: taken.slice(after, end).map(view),
    next_cursor: end < taken.length ? String(end) : null,
    totals: {
      accepted: totals.accepted,
      rejected: totals.rejected,
      accepted_amount: Object.fromEntries([...totals.acceptedAmount].map(([code, sum]) => [code, sum.toString()])),
    },
  };
  // What was just copied may still wait for the disk; the truth is not shown before it is durable.
  await bank.journal.settled();
  ctx.body = body;
}

const view = ({
  instruction,
  reference,
  status,
  code,
  at,
  timesReceived,
}: TakenInstruction): Record<string, unknown> => ({
  rail_key: instruction.rail_key,
  rail_reference: reference,
  amount: instruction.amount,
  currency: instruction.currency,
  destination: instruction.destination,
  status,
  code,
  taken_at: at,
  times_received: timesReceived,
});

async function advance(ctx: Context, bank: Bank): Promise<void> {
  const request = await readAs(ctx, advanceSchema);
  if (!request) return refuse(ctx, `Send {"ms": 1 to ${advanceMaxMs}}.`);
  const now = bank.state.now + request.ms;
  if (now > lastInstant) return refuse(ctx, 'The clock ends with the year 9999.');
  const event = { kind: 'clock', now: new Date(now).toISOString() } as const;
  apply(bank.state, event);
  await bank.journal.append(event);
  ctx.body = clock(bank.state);
}

async function setOutage(ctx: Context, bank: Bank): Promise<void> {
  const mode = await readAs(ctx, outageSchema);
  if (!mode) return refuse(ctx, 'Send {"mode": "up", "hard_down" or "half_503", "latency_ms": 0 to 60000}.');
  bank.outage.set(mode);
  ctx.body = mode;
}

const clock = (state: BankState): { now: string } => ({ now: new Date(state.now).toISOString() });

async function readAs<T>(ctx: Context, schema: z.ZodType<T>): Promise<T | null> {
  const body = await readBody(ctx.req);
  const parsed = body.ok ? schema.safeParse(body.value) : null;
  return parsed?.success ? parsed.data : null;
}

function refuse(ctx: Context, detail: string): void {
  const answer = problem('invalid_request', undefined, detail);
  ctx.status = answer.status;
  ctx.body = answer.body;
}
