import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { request } from 'undici';
import type { RailAttempt } from '../../domain/rail.ts';
import { createInstantRail } from './rail.ts';

/**
 * The contract of a rail against a real bank process: every trigger of families 00, 20 and 30. A row has the outcome of
 * the first send, of the inquiry after it, of a second send under the same key, and how often the money moved.
 */
const limit = { timeoutMs: 400 };

let folder: string;
let bank: { child: ChildProcess; url: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rail-'));
  bank = await startBank('0');
});
afterAll(async () => {
  if (bank.child.kill('SIGTERM')) await once(bank.child, 'exit');
  rmSync(folder, { recursive: true });
});

const taken = 'accepted ACSC';
const absent = 'absent unknown_key';

test.each([
  ['123456789', taken, taken, taken, 1],
  ['770000000', taken, taken, taken, 1],
  ['772000100', 'rejected AC01', 'rejected AC01', 'rejected AC01', 0],
  ['772000200', 'rejected AC03', 'rejected AC03', 'rejected AC03', 0],
  ['772000300', 'rejected AC04', 'rejected AC04', 'rejected AC04', 0],
  ['772000400', 'rejected AC06', 'rejected AC06', 'rejected AC06', 0],
  ['772000500', 'rejected AG01', 'rejected AG01', 'rejected AG01', 0],
  ['772000600', 'rejected AM02', 'rejected AM02', 'rejected AM02', 0],
  ['772000700', 'rejected AM04', 'rejected AM04', 'rejected AM04', 0],
  ['772000800', 'rejected BE04', 'rejected BE04', 'rejected BE04', 0],
  ['772000900', 'unknown DUPL', taken, 'unknown DUPL', 1],
  ['772001000', 'rejected FF01', 'rejected FF01', 'rejected FF01', 0],
  ['772001100', 'rejected MD07', 'rejected MD07', 'rejected MD07', 0],
  ['772001200', 'rejected MS03', 'rejected MS03', 'rejected MS03', 0],
  ['772001300', 'rejected RC01', 'rejected RC01', 'rejected RC01', 0],
  ['772001400', 'rejected RR04', 'rejected RR04', 'rejected RR04', 0],
  ['772001500', 'rejected TM01', 'rejected TM01', 'rejected TM01', 0],
  ['772001600', 'rejected E433', 'rejected E433', 'rejected E433', 0],
  ['773000100', 'unknown connection_reset', absent, 'unknown connection_reset', 0],
  ['773000101', 'unknown connection_reset', absent, taken, 1],
  ['773000200', 'unknown connection_closed', absent, 'unknown connection_closed', 0],
  ['773000201', 'unknown connection_closed', absent, taken, 1],
  ['773000300', 'not_taken not_taken 1000', absent, 'not_taken not_taken 1000', 0],
  ['773000301', 'not_taken not_taken 1000', absent, taken, 1],
  ['773000401', 'not_taken rate_limited 1000', absent, taken, 1],
  ['773000400', taken, taken, taken, 1],
  ['773000500', 'unknown server_error', taken, taken, 1],
  ['773000600', 'unknown timeout', taken, taken, 1],
  ['773000601', taken, taken, taken, 1],
  ['773000700', 'unknown timeout', absent, taken, 1],
  ['773000701', 'unknown connection_closed', absent, taken, 1],
  ['773000800', 'unknown connection_closed', taken, taken, 1],
  ['773000801', 'unknown answer_not_json', taken, taken, 1],
  ['773000802', 'unknown answer_mismatch', taken, taken, 1],
  ['773000803', 'unknown answer_too_large', taken, taken, 1],
  ['773000900', 'unknown PDNG', taken, taken, 1],
  ['773001000', 'unknown timeout', taken, taken, 1],
  ['773001001', taken, taken, taken, 1],
  ['773001200', 'unknown key_conflict', taken, taken, 1],
  ['773001300', taken, taken, taken, 2],
  ['773001301', taken, taken, taken, 1],
])(
  'account %s: send %s, inquiry %s, second send %s, money moved %i times',
  async (account, first, found, again, moved) => {
    const instant = createInstantRail({ url: `${bank.url}/instant`, concurrency: 32 });
    const attempt = anAttempt(account);
    expect(words(await instant.submit(attempt, limit))).toBe(first);
    expect(words(await instant.inquire(attempt, limit))).toBe(found);
    expect(words(await instant.submit(attempt, limit))).toBe(again);
    expect(await timesMoved(attempt)).toBe(moved);
  },
);

test('011: the bank crashes before its answer, is unreachable, and after its restart knows the key', async () => {
  const instant = createInstantRail({ url: `${bank.url}/instant`, concurrency: 32 });
  const attempt = anAttempt('773001100');
  const died = once(bank.child, 'exit');
  expect((await instant.submit(attempt, limit)).outcome).toBe('unknown');
  await died;
  expect(words(await instant.submit(attempt, limit))).toBe('not_taken connection_refused');
  expect(words(await instant.inquire(attempt, limit))).toBe('unknown connection_refused');
  bank = await startBank(new URL(bank.url).port);
  expect(words(await instant.inquire(attempt, limit))).toBe(taken);
  expect(words(await instant.submit(attempt, limit))).toBe(taken);
  expect(await timesMoved(attempt)).toBe(1);
});

test('012: an answer about the same key with another body is not used', async () => {
  const instant = createInstantRail({ url: `${bank.url}/instant`, concurrency: 32 });
  const attempt = anAttempt('123456789');
  await instant.submit(attempt, limit);
  const other = { ...attempt, amount: '1' };
  expect(words(await instant.submit(other, limit))).toBe('unknown key_conflict');
  expect(words(await instant.inquire(other, limit))).toBe('unknown answer_mismatch');
});

test('a malformed request is refused for this send only', async () => {
  const instant = createInstantRail({ url: `${bank.url}/instant`, concurrency: 32 });
  const attempt = anAttempt('not an account');
  expect(await instant.submit(attempt, limit)).toEqual({
    outcome: 'rejected',
    code: 'invalid_request',
    decisive: false,
    railReference: null,
  });
  expect(words(await instant.inquire(attempt, limit))).toBe(absent);
});

test('a rejection is decisive and has the reference of the bank', async () => {
  const instant = createInstantRail({ url: `${bank.url}/instant`, concurrency: 32 });
  const answer = await instant.submit(anAttempt('772000100'), limit);
  expect(answer).toEqual({
    outcome: 'rejected',
    code: 'AC01',
    decisive: true,
    railReference: expect.stringMatching(/^SIM/),
  });
});

let attempts = 0;
function anAttempt(accountNumber: string): RailAttempt {
  attempts += 1;
  const destination = { scheme: 'us_account' as const, routingNumber: '021000021', accountNumber, name: 'Ada' };
  return { railKey: `KEY${attempts}`, amount: '1250', currency: 'USD', destination, createdAt: '2026-01-01T00:00:00Z' };
}

const words = (answer: { outcome: string; code: string; retryAfterMs?: number }): string =>
  [answer.outcome, answer.code, answer.retryAfterMs].filter((word) => word !== undefined).join(' ');

async function timesMoved({ railKey }: RailAttempt): Promise<number> {
  const { body } = await request(`${bank.url}/control/truth?limit=10000`);
  const { data } = (await body.json()) as { data: { rail_key: string; status: string }[] };
  return data.filter((item) => item.rail_key === railKey && item.status === 'accepted').length;
}

/** Started as a program and never imported: the two share no code. */
async function startBank(port: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../simulator/main.ts')], {
    env: { SIMULATOR_PORT: port, SIMULATOR_JOURNAL: join(folder, 'journal.jsonl') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line) as { msg: string; url: string };
    if (msg === 'listening') return { child, url };
  }
  throw new Error('the bank did not start');
}
