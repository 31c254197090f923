import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { History, Operation, Told } from '../support/harness/client-history.ts';

/** The body of POST /v1/transfers, as far as these tests use it. */
export type Body = {
  amount: string;
  currency: string;
  rail: 'book' | 'instant';
  source: { account_id: string };
  destination: { account_id: string } | { bank: { routing_number: string; account_number: string; name: string } };
  execute_at?: string;
};

/** How a transfer to that account number must end, whatever dies on the way. Everything that is not listed is accepted. */
export type Ending = 'completed' | 'rejected';

const answerWithinMs = 9_000;

/** Sends one request and notes what it was told. Never throws: whatever goes wrong is an answer that nobody knows. */
export async function post(
  api: string,
  secret: string,
  history: History<Body>,
  operation: Operation<Body>,
): Promise<Told> {
  const told = await ask(api, secret, operation);
  history.told(operation, told);
  return told;
}

/** Repeats the request with the same key until somebody says what became of it, or the time is over. */
export async function resolve(
  api: string,
  secret: string,
  history: History<Body>,
  operation: Operation<Body>,
  untilMs: number,
): Promise<Told> {
  for (;;) {
    const told = await post(api, secret, history, operation);
    if (told.type !== 'info' || performance.now() > untilMs) return told;
    await sleep(500);
  }
}

/** A fresh operation with a key of its own. */
export const wish = (history: History<Body>, client: number, body: Body): Operation<Body> =>
  history.invoke(client, randomUUID(), body);

async function ask(api: string, secret: string, { key, body }: Operation<Body>): Promise<Told> {
  const unheard: Told = { type: 'info', status: null, code: null, transferId: null, isReplay: false };
  try {
    const answer = await fetch(`${api}/v1/transfers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const said = (await answer.json()) as { id?: string; code?: string; transfer_id?: string };
    const told = {
      status: answer.status,
      code: said.code ?? null,
      transferId: said.id ?? said.transfer_id ?? null,
      isReplay: answer.headers.get('idempotent-replayed') === 'true',
    };
    if (answer.status === 201) return { type: 'ok', ...told };
    return { type: answer.status >= 400 && answer.status < 500 && answer.status !== 429 ? 'fail' : 'info', ...told };
  } catch {
    // A reset, a timeout, half an answer: the API may be dead, and the request may have been done.
    return unheard;
  }
}
