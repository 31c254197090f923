import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { StepError } from './step-error.ts';

/** What is tested, and with what. `release` names the test: repeated under the same name it moves nothing twice. */
export type SmokeTest = { api: string; key: string; release: string; withinMs: number };

const answerMs = 20_000;
const bytesMax = 256 * 1024;
const againAfterMs = 500;

type Request = { path: string; body?: object; idempotencyKey?: string; withKey?: boolean };
type Answer = { status: number; text: string };

/**
 * Moves one cent between the two accounts of the smoke tenant and back. Throws a {@link StepError} that says which answer was wrong. An answer
 * 503, and none, are asked for again with the same key until the time is over: a release has moments in which a task goes away.
 */
export async function smokeTest({ api, key, release, withinMs }: SmokeTest): Promise<void> {
  const until = performance.now() + withinMs;
  const ask = async <T>(request: Request, { status, form }: { status: number; form: z.ZodType<T> }): Promise<T> => {
    for (;;) {
      const answer = await send({ api, key }, request);
      const isBusy = answer.status === 0 || answer.status === 503;
      if (!isBusy || performance.now() > until) return parse(request, answer, { status, form });
      await sleep(againAfterMs);
    }
  };
  await ask({ path: '/ping', withKey: false }, { status: 200, form: z.unknown() });
  await ask({ path: '/health', withKey: false }, { status: 200, form: z.looseObject({ database: z.literal('ok') }) });
  await ask({ path: '/v1/me', withKey: false }, { status: 401, form: z.unknown() });
  const a = await accountOf(ask, 'smoke-a');
  const b = await accountOf(ask, 'smoke-b');
  const ids = [
    await move(ask, { from: a, to: b, idempotencyKey: `smoke-${release}-there` }),
    await move(ask, { from: b, to: a, idempotencyKey: `smoke-${release}-back` }),
  ];
  for (const id of ids) {
    const { data } = await ask({ path: `/v1/transfers/${id}/events` }, { status: 200, form: events });
    if (!data.some(({ type }) => type === 'transfer.completed'))
      throw new StepError(`The smoke test failed: ${id} has no event transfer.completed.`);
  }
  const [ofA, ofB] = [await postedOf(ask, a), await postedOf(ask, b)];
  // They began with nothing and move money between each other alone.
  if (ofA + ofB !== 0n)
    throw new StepError(`The smoke test failed: ${a} has ${ofA} and ${b} has ${ofB}, which is not nothing together.`);
}

type Ask = <T>(request: Request, wanted: { status: number; form: z.ZodType<T> }) => Promise<T>;

const accounts = z.object({ data: z.array(z.object({ id: z.string(), reference: z.string() })) });
const transfer = z.object({ id: z.string(), status: z.literal('completed') });
const events = z.object({ data: z.array(z.object({ type: z.string() })) });
const balance = z.object({ posted: z.string().regex(/^-?\d+$/) });

async function accountOf(ask: Ask, reference: string): Promise<string> {
  const { data } = await ask({ path: `/v1/accounts?reference=${reference}` }, { status: 200, form: accounts });
  const id = data[0]?.id;
  if (id !== undefined) return id;
  throw new StepError(
    `The smoke test has no account ${reference}: run \`operator smoke create\`, which also writes its key.`,
  );
}

/** One cent in the book, sent twice: the second answer must be that of the first. */
async function move(
  ask: Ask,
  { from, to, idempotencyKey }: { from: string; to: string; idempotencyKey: string },
): Promise<string> {
  const body = {
    amount: '1',
    currency: 'USD',
    rail: 'book',
    source: { account_id: from },
    destination: { account_id: to },
    description: 'Smoke test',
  };
  const request = { path: '/v1/transfers', body, idempotencyKey };
  const first = await ask(request, { status: 201, form: transfer });
  const again = await ask(request, { status: 201, form: transfer });
  if (first.id !== again.id)
    throw new StepError(`The smoke test failed: one key made two transfers, ${first.id} and ${again.id}.`);
  return first.id;
}

const postedOf = async (ask: Ask, id: string): Promise<bigint> =>
  BigInt((await ask({ path: `/v1/accounts/${id}/balance` }, { status: 200, form: balance })).posted);

/** One request. Status 0: no whole answer came. */
async function send(
  { api, key }: { api: string; key: string },
  { path, body, idempotencyKey, withKey = true }: Request,
): Promise<Answer> {
  const headers = {
    ...(withKey && { authorization: `Bearer ${key}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  };
  try {
    const response = await fetch(`${api}${path}`, {
      method: body ? 'POST' : 'GET',
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: (await response.text()).slice(0, bytesMax) };
  } catch (error) {
    return { status: 0, text: error instanceof Error ? error.message : 'no answer' };
  }
}

function parse<T>({ path }: Request, { status, text }: Answer, wanted: { status: number; form: z.ZodType<T> }): T {
  const how = status === 0 ? `gave no answer (${text})` : `answered ${status}: ${text.slice(0, 400)}`;
  if (status !== wanted.status)
    throw new StepError(`The smoke test failed: ${path} ${how}; expected was ${wanted.status}.`);
  const read = wanted.form.safeParse(jsonOf(text));
  if (read.success) return read.data;
  throw new StepError(`The smoke test failed: ${path} ${how}.\n${z.prettifyError(read.error)}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
