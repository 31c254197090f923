import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { History, Operation, Reply } from '../support/harness/client-history.ts';
import { inTime } from '../support/harness/in-time.ts';

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

const answerWithinMs = inTime(9_000);

/** Sends one request and notes the reply. Never throws: whatever goes wrong is an answer that nobody knows. */
export async function post(
  api: string,
  secret: string,
  history: History<Body>,
  operation: Operation<Body>,
): Promise<Reply> {
  const reply = await request(api, secret, operation);
  history.reply(operation, reply);
  return reply;
}

/** Repeats the request with the same key until somebody says what became of it, or the time is over. */
export async function resolve(
  api: string,
  secret: string,
  history: History<Body>,
  operation: Operation<Body>,
  untilMs: number,
): Promise<Reply> {
  for (;;) {
    const reply = await post(api, secret, history, operation);
    if (reply.type !== 'info' || performance.now() > untilMs) return reply;
    await sleep(500);
  }
}

/** A fresh operation with a key of its own. */
export const wish = (history: History<Body>, client: number, body: Body): Operation<Body> =>
  history.invoke(client, randomUUID(), body);

async function request(api: string, secret: string, { key, body }: Operation<Body>): Promise<Reply> {
  const unanswered: Reply = { type: 'info', status: null, code: null, transferId: null, isReplay: false };
  try {
    const answer = await fetch(`${api}/v1/transfers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const problemOrTransfer = (await answer.json()) as { id?: string; code?: string; transfer_id?: string };
    const reply = {
      status: answer.status,
      code: problemOrTransfer.code ?? null,
      transferId: problemOrTransfer.id ?? problemOrTransfer.transfer_id ?? null,
      isReplay: answer.headers.get('idempotent-replayed') === 'true',
    };
    if (answer.status === 201) return { type: 'ok', ...reply };
    return { type: answer.status >= 400 && answer.status < 500 && answer.status !== 429 ? 'fail' : 'info', ...reply };
  } catch {
    // A reset, a timeout, half an answer: the API may be dead, and the request may have been done.
    return unanswered;
  }
}
