import { Router } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { problem } from './answers.ts';
import { type Bank, resetBank } from './bank.ts';
import { readBody } from './body.ts';
import { forecastSchema } from './outage.ts';
import { type Books, enter, type Taken } from './state.ts';

const TRUTH_ITEMS_MAX = 10_000;
const ADVANCE_MS_MAX = 366 * 24 * 3_600_000;
/** Where the virtual clock ends: RFC 3339 has four digits for the year. */
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

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
    .refine((limit) => limit >= 1 && limit <= TRUTH_ITEMS_MAX),
});
const advanceSchema = z.strictObject({ ms: z.number().int().min(1).max(ADVANCE_MS_MAX) });

/** What a real bank does not have: its truth, its clock, its weather, and a way to forget. */
export function controlRoutes(bank: Bank): Router {
  const router = new Router({ prefix: '/control' });
  router.get('/truth', (ctx) => truth(ctx, bank));
  router.get('/clock', (ctx) => {
    ctx.body = clock(bank.books);
  });
  router.post('/clock/advance', (ctx) => advance(ctx, bank));
  router.post('/down', (ctx) => setWeather(ctx, bank));
  router.post('/reset', async (ctx) => {
    await resetBank(bank);
    ctx.body = { reset: true };
  });
  return router;
}

async function truth(ctx: Context, bank: Bank): Promise<void> {
  const page = pageSchema.safeParse({ ...ctx.query });
  if (!page.success) return refuse(ctx, `after is a cursor, limit is 1 to ${TRUTH_ITEMS_MAX}.`);
  const { after, limit } = page.data;
  const { taken, totals } = bank.books;
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
  // What was just copied may still wait for the disk; the truth is not told before it is certain.
  await bank.journal.settled();
  ctx.body = body;
}

const view = ({ instruction, reference, status, code, at, heard }: Taken): Record<string, unknown> => ({
  rail_key: instruction.rail_key,
  rail_reference: reference,
  amount: instruction.amount,
  currency: instruction.currency,
  destination: instruction.destination,
  status,
  code,
  taken_at: at,
  times_received: heard,
});

async function advance(ctx: Context, bank: Bank): Promise<void> {
  const wanted = await readAs(ctx, advanceSchema);
  if (!wanted) return refuse(ctx, `Send {"ms": 1 to ${ADVANCE_MS_MAX}}.`);
  const now = bank.books.now + wanted.ms;
  if (now > LAST_INSTANT) return refuse(ctx, 'The clock ends with the year 9999.');
  const fact = { event: 'clock', now: new Date(now).toISOString() } as const;
  enter(bank.books, fact);
  await bank.journal.append(fact);
  ctx.body = clock(bank.books);
}

async function setWeather(ctx: Context, bank: Bank): Promise<void> {
  const forecast = await readAs(ctx, forecastSchema);
  if (!forecast) return refuse(ctx, 'Send {"mode": "up", "hard_down" or "half_503", "latency_ms": 0 to 60000}.');
  bank.weather.set(forecast);
  ctx.body = forecast;
}

const clock = (books: Books): { now: string } => ({ now: new Date(books.now).toISOString() });

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
