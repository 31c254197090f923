import { Router } from '@koa/router';
import type { Context } from 'koa';
import { type Answer, problem, statement } from './answers.ts';
import type { Bank } from './bank.ts';
import { readBody } from './body.ts';
import { decide } from './decide.ts';
import { type Instruction, instructionSchema } from './journal-events.ts';
import { apply, isFull } from './state.ts';
import { transmit } from './transmit.ts';

/** The rail `/instant`: submit an instruction, ask about one. */
export function instantRoutes(bank: Bank): Router {
  const router = new Router({ prefix: '/instant' });
  router.use(async (ctx, next) => {
    await bank.outage.latency();
    // Answered before the body is read, so it is certain that nothing was taken.
    if (bank.outage.isDown()) send(ctx, problem('not_taken', keyOf(ctx)));
    else await next();
  });
  router.post('/transfers', (ctx) => submit(ctx, bank));
  router.get('/transfers/:railKey', (ctx) => inquire(ctx, bank));
  return router;
}

async function submit(ctx: Context, bank: Bank): Promise<void> {
  const read = await readInstruction(ctx);
  if (!read.ok) return send(ctx, read.answer);
  if (isFull(bank.state) || bank.journal.isFull()) return send(ctx, problem('not_taken', read.instruction.rail_key));

  const { event, answer, delivery } = decide(bank.state, read.instruction);
  // Memory first, so that the next request already knows it; no answer before the journal has it.
  apply(bank.state, event);
  await bank.journal.append(event);
  bank.log.debug({
    railKey: read.instruction.rail_key,
    journaled: event.kind,
    status: answer?.status,
    delivery: delivery.kind,
  });
  ctx.respond = false;
  await transmit(ctx.res, { answer, delivery }, bank.exit);
}

async function inquire(ctx: Context, bank: Bank): Promise<void> {
  const railKey = String(ctx['params'].railKey);
  const taken = bank.state.byKey.get(railKey);
  // What memory holds may still wait for the disk, and a kill could make it untrue.
  await bank.journal.settled();
  send(ctx, taken ? statement(taken, taken) : problem('unknown_key', railKey));
}

type Read = { ok: true; instruction: Instruction } | { ok: false; answer: Answer };

async function readInstruction(ctx: Context): Promise<Read> {
  const railKey = keyOf(ctx);
  const body = await readBody(ctx.req);
  if (!body.ok) {
    // The rest of such a body is not worth reading.
    ctx.set('Connection', 'close');
    return { ok: false, answer: problem(body.code, railKey) };
  }
  const parsed = instructionSchema.safeParse(body.value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || issue.code).join(', ');
    return { ok: false, answer: problem('invalid_request', railKey, `Nothing was taken. Look at: ${fields}.`) };
  }
  if (parsed.data.rail_key !== railKey) {
    const detail = 'Nothing was taken. The header Idempotency-Key must be the rail_key of the body.';
    return { ok: false, answer: problem('invalid_request', railKey, detail) };
  }
  return { ok: true, instruction: parsed.data };
}

/** The key of a request: in the header of a submission, in the path of an inquiry. */
function keyOf(ctx: Context): string | undefined {
  return ctx.method === 'POST' ? ctx.get('Idempotency-Key') || undefined : ctx.path.split('/').at(-1);
}

function send(ctx: Context, { status, headers = {}, body }: Answer): void {
  ctx.status = status;
  ctx.set(headers);
  ctx.body = body;
}
