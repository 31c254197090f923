import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { check } from '../domain/check.ts';
import { endLeftovers } from './children-record.ts';
import { freePort } from './ports.ts';
import { identityOf, lives, type ProcessIdentity } from './process-identity.ts';
import { defaultPorts } from './settings.ts';
import { type Ready, readReady } from './state-file.ts';

const readyWithinMs = 120_000;
const start = join(import.meta.dirname, 'start.ts');
const folder = mkdtempSync(join(tmpdir(), 'quittance-start-'));
const launched: Launched[] = [];
const environment: Record<string, string | undefined> = { ...process.env, NODE_OPTIONS: '', LOCAL_DATA: folder };

beforeAll(async () => {
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'REDIS_URL', 'TEMPORAL_UI_URL']) environment[name] = '';
  for (const name of Object.keys(defaultPorts)) environment[name] = String(await freePort());
});
afterAll(async () => {
  for (const { process: launcher } of launched) launcher.kill('SIGKILL');
  await endLeftovers(join(folder, 'children.json'), () => {});
  rmSync(folder, { recursive: true, force: true });
});

test('money and accounts survive SIGKILL of the launcher; the next start cleans up; Ctrl-C ends all it started', async () => {
  const first = launch();
  const before = await readyOf(first);
  expect(await moveMoney(before, 'one')).toBe(201);
  process.kill(children('temporal')[0]?.pid ?? 0, 'SIGKILL');
  expect(await moveMoney(before, 'two')).toBe(201);
  expect(await postedOf(before, before.accounts.ada)).toBe('97500');
  const orphans = children();
  expect(orphans.length).toBeGreaterThanOrEqual(5);

  first.process.kill('SIGKILL');
  await first.exit;
  expect(readReady(folder)).toBeNull();

  const second = launch();
  const after = await readyOf(second);
  expect(orphans.filter(lives)).toEqual([]);
  expect(after).toMatchObject({ accounts: before.accounts, key: before.key, tenant: before.tenant });
  expect(await postedOf(after, after.accounts.ada)).toBe('97500');

  const beside = launch();
  expect(await beside.exit).toBe(1);
  expect(beside.words().trim()).toMatch(/^Quittance already runs at http:\S+ \(pid \d+\): [^\n]+$/);

  const own = children();
  second.process.kill('SIGINT');
  expect(await second.exit).toBe(0);
  expect(own.filter(lives)).toEqual([]);
  expect(existsSync(join(folder, 'ready.json'))).toBe(false);
}, 400_000);

type Launched = { process: ChildProcess; exit: Promise<number | null>; words: () => string };

function launch(): Launched {
  const launcher = spawn(process.execPath, [start], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
  }
  const one = { process: launcher, exit: once(launcher, 'close').then(([code]) => code), words: () => words };
  launched.push(one);
  return one;
}

async function readyOf(one: Launched): Promise<Ready> {
  const until = performance.now() + readyWithinMs;
  for (;;) {
    const ready = readReady(folder);
    if (ready && ready.pid === one.process.pid) return ready;
    const over = one.process.exitCode !== null || performance.now() > until;
    if (over) throw new Error(`it did not become ready:\n${one.words()}`);
    await sleep(50);
  }
}

function children(name?: string): ProcessIdentity[] {
  const entries: (ProcessIdentity & { name: string })[] = JSON.parse(
    readFileSync(join(folder, 'children.json'), 'utf8'),
  );
  for (const { pid } of entries) check(identityOf(pid), 'a recorded child lives');
  return name ? entries.filter((entry) => entry.name === name) : entries;
}

/** Sends the same request with the same key for as long as the answer says that this may be done. */
async function moveMoney(ready: Ready, key: string): Promise<number> {
  const { ada, grace } = ready.accounts;
  const until = performance.now() + readyWithinMs;
  for (;;) {
    const answer = await fetch(`${ready.api}/v1/transfers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ready.key}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({
        amount: '1250',
        currency: 'USD',
        rail: 'book',
        source: { account_id: ada },
        destination: { account_id: grace },
      }),
    });
    await answer.body?.cancel();
    if (answer.status !== 503 || performance.now() > until) return answer.status;
    await sleep(250);
  }
}

async function postedOf(ready: Ready, account: string): Promise<unknown> {
  const answer = await fetch(`${ready.api}/v1/accounts/${account}/balance`, {
    headers: { authorization: `Bearer ${ready.key}` },
  });
  const balance = (await answer.json()) as { posted: string };
  return balance.posted;
}
