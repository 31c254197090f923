import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { fromPublic } from '../../domain/ids.ts';
import { masterKeysIn, newPayloadKey } from '../../encryption/key-file.ts';
import { aKey, callOf } from '../support/harness/api.ts';
import { inTime, until } from '../support/harness/in-time.ts';
import { type ProcessPlatform, startProcesses } from '../support/harness/processes.ts';
import { root } from '../support/tree.ts';

/** Keys of payloads change under programs with open workflows, by the settings alone. */
const withinMs = inTime(180_000);
const [fresh, stranger] = [newPayloadKey(), newPayloadKey()];
/** With which everything was started. */
let old = '';
const idOf = (key: string): string => masterKeysIn(key)[0]?.id ?? '';

let platform: ProcessPlatform;
let passed = false;
beforeAll(async () => {
  platform = await startProcesses();
  old = readFileSync(join(platform.folder, 'payload-keys.txt'), 'utf8');
}, withinMs);
afterAll(() => platform?.end({ passed }), withinMs);

/** Starts those programs again with these keys, the first of which encrypts. */
async function startWith(keys: string[], names: ('api' | 'worker')[] = ['worker', 'api']): Promise<void> {
  writeFileSync(join(platform.folder, 'payload-keys.txt'), keys.join(''));
  await Promise.all(names.map((name) => platform.programs[name].kill()));
  await Promise.all(names.map((name) => until(() => platform.programs[name].isReady(), 60_000)));
}

/** Sends a cent, and repeats the request until there is an answer. Returns the id of the transfer. */
async function send(rail: 'book' | 'instant'): Promise<string> {
  const { tenant, apiUrl } = platform;
  const [source, other] = tenant.accounts;
  const bank = { routing_number: '021000021', account_number: '770000000', name: 'Ada Lovelace' };
  const destination = rail === 'book' ? { account_id: other } : { bank };
  const body = { ...{ rail, amount: '1', currency: 'USD' }, source: { account_id: source }, destination };
  const [call, key] = [callOf(apiUrl, tenant.secret), aKey()];
  let id: unknown;
  await until(async () => {
    id = (await call('/v1/transfers', { body, key })).body['id'];
    return typeof id === 'string';
  }, 120_000);
  return fromPublic('transfer', String(id)) ?? '';
}

/** Whether the bank answers. */
async function bankIs(mode: 'up' | 'hard_down'): Promise<void> {
  const body = JSON.stringify({ mode, latency_ms: 0 });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(new URL('down', platform.truthUrl), { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
}

const stateOf = async (id: string): Promise<string> => {
  const { rows } = await platform.pools.root.query<{ state: string }>(
    'select state from ledger.transfer where id = $1',
    [id],
  );
  return rows[0]?.state ?? '';
};
const becomes = (id: string, state: string) => until(async () => (await stateOf(id)) === state, 90_000);
const log = (name: 'api' | 'worker'): string => readFileSync(join(platform.folder, `${name}.log`), 'utf8');

test(
  'a key is rotated while workflows are open: every one goes on, and no payload is unreadable',
  async () => {
    await bankIs('hard_down');
    const open = await send('instant');
    for (const keys of [
      [old, fresh],
      [fresh, old],
    ]) {
      await startWith(keys);
      await becomes(await send('book'), 'completed');
    }
    expect(['scheduled', 'submitting', 'unknown']).toContain(await stateOf(open));
    await bankIs('up');
    await becomes(open, 'completed');
    for (const name of ['api', 'worker'] as const) expect(log(name)).not.toContain('payload_unreadable');
  },
  withinMs,
);

test(
  'a worker without the key raises an alarm that names it and loses nothing; with the key it goes on',
  async () => {
    await startWith([stranger], ['worker']);
    const sent = send('book');
    await until(() => Promise.resolve(log('worker').includes('payload_unreadable')), 60_000);
    expect(log('worker')).toContain(
      `encrypted with the key ${idOf(fresh)}, which this program does not have (it has ${idOf(stranger)})`,
    );
    await startWith([fresh, old], ['worker']);
    await becomes(await sent, 'completed');
  },
  withinMs,
);

test(
  'a program that cannot get its first key from KMS, or that Temporal Cloud would read, does not start',
  async () => {
    const arn = 'arn:aws:kms:eu-central-1:111122223333:key/none';
    const least = { PATH: process.env['PATH'] ?? '', DATABASE_URL: platform.database.worker };
    const start = async (program: string, env: Record<string, string>) =>
      await execa(process.execPath, [join(root, program)], {
        env: { ...least, ...env },
        extendEnv: false,
        reject: false,
      });
    const cloud = {
      NODE_ENV: 'production',
      TEMPORAL_ADDRESS: 'ours.a1b2c.tmprl.cloud:7233',
      RAIL_INSTANT_URL: 'http://h/',
    };
    for (const program of ['api/main.ts', 'worker/main.ts', 'worker/replay.ts']) {
      const refused = await start(program, cloud);
      expect([program, refused.exitCode]).toEqual([program, 1]);
      expect(refused.stderr).toContain('PAYLOAD_KMS_KEYS: must let a key encrypt payloads');
    }
    // No login of Amazon's is here, and no way to it.
    const away = { ...cloud, PAYLOAD_KMS_KEYS: arn, AWS_EC2_METADATA_DISABLED: 'true' };
    const ended = await start('worker/replay.ts', away);
    expect(ended.stderr).toMatch(/^KMS does not make a data key with arn:\S+ \(.*\)\. A repetition is safe\. /);
    expect(ended.exitCode).toBe(1);
    passed = true;
  },
  withinMs,
);
