import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** What the bank took, one page of it: `/control/truth` of the simulator, flattened. Amounts are minor units in digits. */
export type BankPage = {
  rail_key: string;
  status: string;
  amount: string;
  currency: string;
  routing_number: string;
  account_number: string;
}[];

const pageItems = 1_000;
const pageBytesMax = 4 * 1024 * 1024;
const answerWithinMs = 15_000;
const pagesMax = 100_000;

/** Reads the bank's truth page by page. Throws when the bank does not answer, or answers something else. */
export async function* truthPages(url: string): AsyncGenerator<BankPage> {
  let cursor = '0';
  for (let n = 0; n < pagesMax; n += 1) {
    const address = new URL(url);
    address.searchParams.set('limit', String(pageItems));
    address.searchParams.set('after', cursor);
    const page = toPage(JSON.parse(await read(address)));
    yield page.items;
    if (page.next === null) return;
    cursor = page.next;
  }
  throw new Error(`the truth at ${url} has no end`);
}

function read(address: URL): Promise<string> {
  const request = address.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = request(address, { signal: AbortSignal.timeout(answerWithinMs) }, (answer) => {
      const parts: Buffer[] = [];
      let size = 0;
      answer.on('error', reject);
      answer.on('data', (part: Buffer) => {
        size += part.length;
        if (size > pageBytesMax) answer.destroy(new Error(`the answer of ${address.origin} is too long`));
        else parts.push(part);
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(Buffer.concat(parts).toString('utf8'));
        else reject(new Error(`${address.href} answered ${answer.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Field by field, so that a bank that changes its shape is told apart from a bank that took nothing. */
function toPage(body: unknown): { items: BankPage; next: string | null } {
  if (!isObject(body) || !Array.isArray(body['data'])) throw new TypeError('the truth of the bank has no list `data`');
  const next = body['next_cursor'];
  const items = body['data'].map((item: unknown) => {
    if (!isObject(item) || !isObject(item['destination']))
      throw new TypeError('an item of the truth has no destination');
    const { destination } = item;
    return {
      rail_key: text(item, 'rail_key'),
      status: text(item, 'status'),
      amount: text(item, 'amount'),
      currency: text(item, 'currency'),
      routing_number: text(destination, 'routing_number'),
      account_number: text(destination, 'account_number'),
    };
  });
  return { items, next: typeof next === 'string' ? next : null };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function text(from: Record<string, unknown>, field: string): string {
  const value = from[field];
  if (typeof value !== 'string') throw new TypeError(`an item of the truth has no text \`${field}\``);
  return value;
}
