import { randomUUID } from 'node:crypto';
import { createPool } from '../../drizzle/client.ts';
import { makeSampleKey } from '../../operator/sample.ts';

/** One request of a client, which it may repeat: the key and the body are always the same. */
export type Sent = {
  key: string;
  body: Body /** Of each answer that said something: the id of the transfer and its state. */;
  answers: Answer[];
};
export type Body = {
  amount: string;
  currency: 'USD';
  rail: 'book' | 'instant';
  source: { account_id: string };
  destination: { account_id: string } | { bank: { routing_number: string; account_number: string; name: string } };
  execute_at?: string;
};
export type Answer = { status: number; id: string; state: string };

/** A tenant that sends transfers over both rails through the API. */
export type Clients = {
  /** Sends so many, a few at a time, and returns when each has an answer. */
  send(count: number): Promise<Sent[]>;
  /** Sends one that is due after so many milliseconds. */
  sendLater(afterMs: number): Promise<Sent>;
  /** Sends one that the bank takes without an answer: its workflow is on its way for seconds. */
  sendSlow(): Promise<Sent>;
  /** Repeats a request under its key until it is answered. */
  repeat(sent: Sent): Promise<Answer>;
};

const accountsOf = { count: 12, opening: '1000000' };
const sideBySide = 6;
const answerWithinMs = 20_000;
const againMs = 500;
const patienceMs = 120_000;
/** At the bank: accepted at once, accepted after half a second, an answer that is lost after taking, a rejection. */
const bankAccounts = ['000000001', '773000605', '000000002', '773000500', '000000003', '772000100'];

/** Makes the tenant, its key and its accounts with money. `owner`: a superuser's login. */
export async function createClients({ api, owner }: { api: string; owner: string }): Promise<Clients> {
  const pool = createPool({ url: owner, max: 1, name: 'quittance-drill' });
  const { key } = await makeSampleKey(pool).finally(() => pool.end());
  const post = (path: string, idempotencyKey: string, body: object) =>
    answered({ url: `${api}${path}`, key, idempotencyKey, body });
  const funding = (await post('/v1/accounts', randomUUID(), { name: 'Outside', currency: 'USD', kind: 'funding' })).id;
  const accounts: string[] = [];
  for (let n = 0; n < accountsOf.count; n += 1) {
    const { id } = await post('/v1/accounts', randomUUID(), { name: `Customer ${n}`, currency: 'USD' });
    await post('/v1/transfers', randomUUID(), bookTransfer({ amount: accountsOf.opening, from: funding, to: id }));
    accounts.push(id);
  }
  const transfer = async (sent: Sent): Promise<Answer> => {
    const answer = await post('/v1/transfers', sent.key, sent.body);
    sent.answers.push(answer);
    return answer;
  };
  // Every amount is used once, so that two payments are never alike by chance.
  let n = 0;
  const next = (): Sent => {
    n += 1;
    return { key: randomUUID(), body: bodyOf(n, accounts), answers: [] };
  };
  const sendOne = async ({ account_number, ...more }: { account_number: string; execute_at?: string }) => {
    const { key: own, body } = next();
    const destination = { bank: { routing_number: '091000019', account_number, name: 'Somebody Else' } };
    const sent: Sent = { key: own, body: { ...body, rail: 'instant', destination, ...more }, answers: [] };
    await transfer(sent);
    return sent;
  };
  return {
    send: async (count) => {
      const wishes = Array.from({ length: count }, next);
      const waiting = [...wishes];
      const client = async () => {
        for (let sent = waiting.shift(); sent; sent = waiting.shift()) await transfer(sent);
      };
      await Promise.all(Array.from({ length: sideBySide }, client));
      return wishes;
    },
    sendLater: (afterMs) =>
      sendOne({ account_number: '000000009', execute_at: new Date(Date.now() + afterMs).toISOString() }),
    // The bank takes it, and never answers.
    sendSlow: () => sendOne({ account_number: '773000600' }),
    repeat: transfer,
  };
}

/** A third in the book, the rest to the bank. */
function bodyOf(n: number, accounts: readonly string[]): Body {
  const from = accounts[n % accounts.length] ?? '';
  const amount = String(100 + n);
  if (n % 3 === 0) return bookTransfer({ amount, from, to: accounts[(n + 1) % accounts.length] ?? '' });
  const account_number = bankAccounts[Math.floor(n / 2) % bankAccounts.length] ?? '';
  return {
    ...{ amount, currency: 'USD', rail: 'instant', source: { account_id: from } },
    destination: { bank: { routing_number: '021000021', account_number, name: 'Somebody Else' } },
  };
}

const bookTransfer = ({ amount, from, to }: { amount: string; from: string; to: string }): Body => ({
  ...{ amount, currency: 'USD', rail: 'book' },
  ...{ source: { account_id: from }, destination: { account_id: to } },
});

type Post = { url: string; key: string; idempotencyKey: string; body: object };

/** Repeats the same request until something is said about it. Throws when nothing is for two minutes. */
async function answered({ url, key, idempotencyKey, body }: Post): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'idempotency-key': idempotencyKey,
  };
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await fetch(url, {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
      signal: AbortSignal.timeout(answerWithinMs),
    }).catch(() => null);
    if (answer?.ok) {
      const { id, status } = (await answer.json()) as { id: string; status: string };
      return { status: answer.status, id, state: status };
    }
    const isFinal = answer && answer.status < 500;
    if (isFinal || performance.now() > deadline)
      throw new Error(`${url}: ${answer ? `${answer.status} ${await answer.text()}` : 'no answer'}`);
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}
