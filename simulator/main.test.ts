import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';

let folder: string;
let bank: RunningBank;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bank-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  bank = await start();
  await post('/control/reset', undefined);
});
afterEach(async () => {
  bank.child.kill('SIGKILL');
  await bank.exited;
});

test('kill -9 under load loses nothing that was answered, and doubles nothing', async () => {
  const answered = new Set<string>();
  const sentKeys: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    let dead = false;
    const killAt = answered.size + 150 + round * 70;
    const client = async (name: number): Promise<void> => {
      for (let n = 0; !dead; n += 1) {
        const key = `R${round}C${name}N${n}`;
        sentKeys.push(key);
        const response = await submit(key, '123').catch(() => null);
        if (response?.status === 200) answered.add(key);
        if (answered.size >= killAt && !dead) {
          dead = true;
          bank.child.kill('SIGKILL');
        }
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, name) => client(name)));
    await bank.exited;
    bank = await start(bank.port);
    expectOnceEach(await truthKeys(), { required: answered, allowed: new Set(sentKeys) });
  }
  // A client that got no answer repeats under the same key: now all are there, each once.
  for (const key of sentKeys) expect((await submit(key, '123')).status).toBe(200);
  expectOnceEach(await truthKeys(), { required: new Set(sentKeys), allowed: new Set(sentKeys) });
});

test('an exit after journaling (011) happens once per key, and the inquiry finds it after the restart', async () => {
  await expect(submit('KEY1', '773001100')).rejects.toThrow('fetch failed');
  expect(await bank.exited).toBe(1);
  bank = await start(bank.port);
  expect((await get('/instant/transfers/KEY1')).body).toMatchObject({
    status: 'accepted',
    code: 'ACSC',
    amount: '1250',
  });
  const again = await submit('KEY1', '773001100');
  expect(again.status).toBe(200);
  expect(await truthKeys()).toEqual(['KEY1']);
});

test('the truth is paged, survives a restart, and a reset empties it on disk too', async () => {
  for (let n = 0; n < 7; n += 1) await submit(`K${n}`, n === 3 ? '772000100' : '1');
  bank.child.kill('SIGTERM');
  expect(await bank.exited).toBe(0);
  bank = await start(bank.port);
  const first = await get('/control/truth?limit=5');
  expect(first.body['next_cursor']).toBe('5');
  expect(first.body['totals']).toEqual({ accepted: 6, rejected: 1, accepted_amount: { USD: '7500' } });
  expect((await get('/control/truth?limit=5&after=5')).body['next_cursor']).toBeNull();
  expect(await truthKeys(2)).toEqual(['K0', 'K1', 'K2', 'K3', 'K4', 'K5', 'K6']);
  expect((await get('/control/truth?limit=10001')).status).toBe(400);
  expect((await get('/control/truth?unknown=1')).status).toBe(400);
  await post('/control/reset', undefined);
  bank.child.kill('SIGKILL');
  await bank.exited;
  bank = await start(bank.port);
  expect(await truthKeys()).toEqual([]);
});

test('a rail that is down takes nothing, half down takes every second one', async () => {
  await post('/control/down', { mode: 'hard_down' });
  const away = await submit('KEY1', '1');
  expect([away.status, away.body['code'], away.body['rail_key'], away.retryAfter]).toEqual([
    503,
    'not_taken',
    'KEY1',
    '1',
  ]);
  expect((await get('/instant/transfers/KEY1')).status).toBe(503);
  await post('/control/down', { mode: 'half_503' });
  const statuses: number[] = [];
  for (let n = 0; n < 6; n += 1) statuses.push((await submit(`K${n}`, '1')).status);
  expect(statuses).toEqual([503, 200, 503, 200, 503, 200]);
  await post('/control/down', { mode: 'up', latency_ms: 150 });
  const before = performance.now();
  expect((await submit('KEY2', '1')).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThan(140);
  expect((await post('/control/down', { mode: 'sideways' })).status).toBe(400);
});

test('the virtual clock moves only when it is advanced, and a forgotten key (013) is taken again', async () => {
  expect((await get('/control/clock')).body['now']).toBe('2026-01-01T00:00:00.000Z');
  await submit('KEY1', '773001301');
  await submit('KEY1', '773001301');
  expect(await truthKeys()).toEqual(['KEY1']);
  expect((await post('/control/clock/advance', { ms: 3_600_000 })).body).toEqual({ now: '2026-01-01T01:00:00.000Z' });
  await submit('KEY1', '773001301');
  expect(await truthKeys()).toEqual(['KEY1', 'KEY1']);
  expect((await post('/control/clock/advance', { ms: -1 })).status).toBe(400);
});

test.each([
  ['another media type', { type: 'text/plain' }, 415],
  ['no JSON', { text: '{"rail_key":' }, 400],
  ['a body over 8 KiB', { text: `"${'x'.repeat(9_000)}"` }, 413],
  ['an unknown field', { changes: { extra: 1 } }, 400],
  ['an amount that is a number', { changes: { amount: 1250 } }, 400],
  ['a negative amount', { changes: { amount: '-1' } }, 400],
  ['a key that differs from the header', { changes: { rail_key: 'OTHER' } }, 400],
] as const)('%j is refused and takes nothing', async (_, wrong, status) => {
  const changes = 'changes' in wrong ? wrong.changes : {};
  const response = await call('/instant/transfers', {
    method: 'POST',
    headers: { 'content-type': 'type' in wrong ? wrong.type : 'application/json', 'idempotency-key': 'KEY1' },
    body: 'text' in wrong ? wrong.text : JSON.stringify({ ...anInstruction('KEY1', '1'), ...changes }),
  });
  expect(response.status).toBe(status);
  expect(response.body['rail_key']).toBe('KEY1');
  expect(await truthKeys()).toEqual([]);
});

test('every address answers with JSON, and / is a page for people', async () => {
  expect(await get('/ping')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await get('/nowhere')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await get('/instant/transfers/KEY1')).toMatchObject({
    status: 404,
    body: { code: 'unknown_key', rail_key: 'KEY1' },
  });
  expect(await call('/ping', { method: 'DELETE' })).toMatchObject({
    status: 405,
    body: { code: 'method_not_allowed' },
  });
  expect(await (await fetch(bank.url)).text()).toContain('7730011tt');
  const foreign = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } };
  expect((await call('/control/reset', foreign)).status).toBe(403);
  expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request\r\n.*invalid_request/s);
  expect(await raw(`GET / HTTP/1.1\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
});

test.each([
  ['127.0.0.1:4010', 200],
  ['localhost', 200],
  ['simulator:4010', 200],
  ['[::1]:4010', 200],
  ['evil.example', 421],
  ['127.0.0.1.evil.example:4010', 421],
  ['localhost.evil.example.', 421],
])('a request for the host %s is answered with %i, and changes nothing by a foreign name', async (host, status) => {
  await submit('KEY1', '1');
  const reset = request(`${bank.url}/control/reset`, { method: 'POST', headers: { host } }).end();
  const [answer] = (await once(reset, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(status);
  expect(await truthKeys()).toEqual(status === 200 ? [] : ['KEY1']);
});

test('with a token, who does not send it reads and changes nothing', async () => {
  bank.child.kill('SIGKILL');
  await bank.exited;
  bank = await start(bank.port, { SIMULATOR_CONTROL_TOKEN: 'a-token' });
  await submit('KEY1', '1');
  for (const path of ['reset', 'down', 'clock/advance']) {
    for (const authorization of ['', 'Bearer wrong', 'a-token'])
      expect((await call(`/control/${path}`, { method: 'POST', headers: { authorization } })).status).toBe(401);
  }
  expect(await truthKeys()).toEqual(['KEY1']);
  const headers = { authorization: 'Bearer a-token' };
  expect((await call('/control/reset', { method: 'POST', headers })).status).toBe(200);
});

test('a second start beside the first fails with one sentence and leaves its journal alone', async () => {
  await submit('KEY1', '1');
  const second = spawnBank(bank.port);
  let output = '';
  second.stderr?.on('data', (text) => {
    output += String(text);
  });
  expect((await once(second, 'close'))[0]).toBe(1);
  expect(output).toBe(
    `The simulator cannot start: 127.0.0.1:${bank.port} is in use. Stop the program there, or set SIMULATOR_PORT.\n`,
  );
  expect(await truthKeys()).toEqual(['KEY1']);
});

test('SIGTERM ends a hanging answer within seconds, and what was taken stays', async () => {
  const hanging = submit('KEY1', '773000600').catch(() => 'cut');
  while ((await get('/instant/transfers/KEY1')).status !== 200);
  bank.child.kill('SIGTERM');
  expect(await hanging).toBe('cut');
  expect(await bank.exited).toBe(0);
  bank = await start(bank.port);
  expect(await truthKeys()).toEqual(['KEY1']);
});

type RunningBank = { child: ChildProcess; url: string; port: number; exited: Promise<number | null> };

async function start(port = 0, more: Record<string, string> = {}): Promise<RunningBank> {
  const child = spawnBank(port, more);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  if (!child.stdout) throw new Error('the bank has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line) as { msg: string; url: string };
    if (msg === 'listening') return { child, url, port: Number(new URL(url).port), exited };
  }
  throw new Error('the bank did not start');
}

function spawnBank(port: number, more: Record<string, string> = {}): ChildProcess {
  const env = { ...more, SIMULATOR_PORT: String(port), SIMULATOR_JOURNAL: join(folder, 'journal.jsonl') };
  return spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

const anInstruction = (key: string, account: string): object => ({
  rail_key: key,
  amount: '1250',
  currency: 'USD',
  destination: { routing_number: '021000021', account_number: account, name: 'Ada' },
});

type Reply = { status: number; retryAfter: string | null; body: Record<string, unknown> };

async function call(path: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(bank.url + path, init);
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}

const get = (path: string): Promise<Reply> => call(path, {});

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });

const submit = (key: string, account: string): Promise<Reply> =>
  post('/instant/transfers', anInstruction(key, account), { 'idempotency-key': key });

async function truthKeys(limit = 1_000): Promise<string[]> {
  const keys: string[] = [];
  for (let after: string | null = '0'; after !== null; ) {
    const { body } = await get(`/control/truth?limit=${limit}&after=${after}`);
    keys.push(...(body['data'] as { rail_key: string }[]).map((item) => item.rail_key));
    after = body['next_cursor'] as string | null;
  }
  return keys;
}

function expectOnceEach(keys: string[], { required, allowed }: { required: Set<string>; allowed: Set<string> }): void {
  const found = new Set(keys);
  expect(found.size).toBe(keys.length);
  expect([...required].filter((key) => !found.has(key))).toEqual([]);
  expect(keys.filter((key) => !allowed.has(key))).toEqual([]);
}

async function raw(bytes: string): Promise<string> {
  const socket = connect(bank.port, '127.0.0.1');
  socket.end(bytes);
  let text = '';
  for await (const piece of socket) text += String(piece);
  return text;
}
