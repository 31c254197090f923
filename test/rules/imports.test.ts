import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import configuration, { rules } from '../../.dependency-cruiser.ts';

/**
 * The import rules are tried on a small planted tree: every rule must catch the one file that breaks it, and nothing
 * else. A rule that cannot fire, because a folder was renamed or an expression is wrong, turns this red.
 */
const root = join(import.meta.dirname, '../..');
const planted = join(root, '.test/planted-imports');

/** What breaks each rule: the file, and its one line. */
const wrong: Record<string, [file: string, text: string]> = {
  'domain-values': ['domain/a.ts', `import { verb } from '../ledger/reserve.ts'; export const a = verb;`],
  'domain-types': ['domain/b.ts', `import type { verb } from '../ledger/reserve.ts'; export type B = typeof verb;`],
  'domain-packages': ['domain/c.ts', `import { z } from 'zod'; export const c = z;`],
  'domain-node': ['domain/d.ts', `import { join } from 'node:path'; export const d = join;`],
  'ledger-values': ['ledger/a.ts', `import { settings } from '../config/env.ts'; export const a = settings;`],
  'ledger-types': ['ledger/b.ts', `import type { steps } from '../activities/index.ts'; export type B = typeof steps;`],
  'ledger-packages': ['ledger/c.ts', `import Koa from 'koa'; export const c = Koa;`],
  'rails-values': ['rails/instant/a.ts', `import { verb } from '../../ledger/reserve.ts'; export const a = verb;`],
  'rails-types': [
    'rails/instant/b.ts',
    `import type { verb } from '../../ledger/reserve.ts'; export type B = typeof verb;`,
  ],
  'rails-packages': ['rails/instant/c.ts', `import pg from 'pg'; export const c = pg;`],
  'workflows-values': ['workflows/a.ts', `import { steps } from '../activities/index.ts'; export const a = steps;`],
  'workflows-types': [
    'workflows/b.ts',
    `import type { steps } from '../activities/index.ts'; export type B = typeof steps;`,
  ],
  'workflows-packages': ['workflows/c.ts', `import { Client } from '@temporalio/client'; export const c = Client;`],
  'workflows-node': ['workflows/d.ts', `import { randomUUID } from 'node:crypto'; export const d = randomUUID;`],
  'activities-values': ['activities/a.ts', `import { settings } from '../config/env.ts'; export const a = settings;`],
  'activities-types': [
    'activities/b.ts',
    `import type { route } from '../api/route.ts'; export type B = typeof route;`,
  ],
  'activities-packages': ['activities/c.ts', `import pg from 'pg'; export const c = pg;`],
  'cache-values': ['cache/a.ts', `import { read } from '../ledger/read/account.ts'; export const a = read;`],
  'cache-types': ['cache/b.ts', `import type { read } from '../ledger/read/account.ts'; export type B = typeof read;`],
  'cache-packages': ['cache/c.ts', `import pg from 'pg'; export const c = pg;`],
  'storage-values': ['storage/a.ts', `import { read } from '../ledger/read/account.ts'; export const a = read;`],
  'storage-types': [
    'storage/b.ts',
    `import type { read } from '../ledger/read/account.ts'; export type B = typeof read;`,
  ],
  'storage-packages': ['storage/c.ts', `import pg from 'pg'; export const c = pg;`],
  'statements-values': ['statements/a.ts', `import { store } from '../storage/open.ts'; export const a = store;`],
  'statements-types': [
    'statements/b.ts',
    `import type { read } from '../ledger/read/account.ts'; export type B = typeof read;`,
  ],
  'statements-packages': ['statements/c.ts', `import pg from 'pg'; export const c = pg;`],
  'archive-values': ['archive/a.ts', `import { store } from '../storage/open.ts'; export const a = store;`],
  'archive-types': [
    'archive/b.ts',
    `import type { steps } from '../activities/index.ts'; export type B = typeof steps;`,
  ],
  'archive-packages': ['archive/c.ts', `import pg from 'pg'; export const c = pg;`],
  'encryption-values': ['encryption/a.ts', `import { settings } from '../config/env.ts'; export const a = settings;`],
  'encryption-types': [
    'encryption/b.ts',
    `import type { settings } from '../config/env.ts'; export type B = typeof settings;`,
  ],
  'encryption-packages': ['encryption/c.ts', `import pg from 'pg'; export const c = pg;`],
  'archive-verification-values': [
    'archive-verification/a.ts',
    `import { signer } from '../archive/signer.ts'; export const a = signer;`,
  ],
  'archive-verification-types': [
    'archive-verification/b.ts',
    `import type { signer } from '../archive/signer.ts'; export type B = typeof signer;`,
  ],
  'archive-verification-packages': ['archive-verification/c.ts', `import pg from 'pg'; export const c = pg;`],
  'api-values': ['api/a.ts', `import { createLedger } from '../ledger/index.ts'; export const a = createLedger;`],
  'api-types': ['api/b.ts', `import type { steps } from '../activities/index.ts'; export type B = typeof steps;`],
  'api-packages': ['api/c.ts', `import { Worker } from '@temporalio/worker'; export const c = Worker;`],
  'api-entrance': ['api/main.ts', `import { createLedger } from '../ledger/index.ts'; export const d = createLedger;`],
  'worker-values': ['worker/a.ts', `import { route } from '../api/route.ts'; export const a = route;`],
  'worker-types': ['worker/b.ts', `import type { route } from '../api/route.ts'; export type B = typeof route;`],
  'worker-packages': ['worker/c.ts', `import Koa from 'koa'; export const c = Koa;`],
  'codec-server-values': ['codec-server/a.ts', `import { verb } from '../ledger/reserve.ts'; export const a = verb;`],
  'codec-server-types': [
    'codec-server/b.ts',
    `import type { verb } from '../ledger/reserve.ts'; export type B = typeof verb;`,
  ],
  'codec-server-packages': ['codec-server/c.ts', `import pg from 'pg'; export const c = pg;`],
  'operator-values': ['operator/a.ts', `import { route } from '../api/route.ts'; export const a = route;`],
  'operator-types': ['operator/b.ts', `import type { route } from '../api/route.ts'; export type B = typeof route;`],
  'operator-packages': ['operator/c.ts', `import Koa from 'koa'; export const c = Koa;`],
  'drizzle-values': ['drizzle/a.ts', `import { word } from '../domain/words.ts'; export const a = word;`],
  'drizzle-types': ['drizzle/b.ts', `import type { verb } from '../ledger/reserve.ts'; export type B = typeof verb;`],
  'drizzle-packages': ['drizzle/c.ts', `import { z } from 'zod'; export const c = z;`],
  'drizzle-entrance': ['drizzle/migrate.ts', `import { verb } from '../ledger/reserve.ts'; export const a = verb;`],
  'config-values': ['config/a.ts', `import { word } from '../domain/words.ts'; export const a = word;`],
  'config-types': ['config/b.ts', `import type { verb } from '../ledger/reserve.ts'; export type B = typeof verb;`],
  'config-packages': ['config/c.ts', `import pg from 'pg'; export const c = pg;`],
  'telemetry-values': ['telemetry/a.ts', `import { settings } from '../config/env.ts'; export const a = settings;`],
  'telemetry-types': ['telemetry/b.ts', `import type { word } from '../domain/words.ts'; export type B = typeof word;`],
  'telemetry-packages': ['telemetry/c.ts', `import pg from 'pg'; export const c = pg;`],
  'concurrency-values': ['concurrency/a.ts', `import { word } from '../domain/words.ts'; export const a = word;`],
  'concurrency-types': [
    'concurrency/b.ts',
    `import type { word } from '../domain/words.ts'; export type B = typeof word;`,
  ],
  'concurrency-packages': ['concurrency/c.ts', `import pg from 'pg'; export const c = pg;`],
  'http-client-values': ['http-client/a.ts', `import { word } from '../domain/words.ts'; export const a = word;`],
  'http-client-types': [
    'http-client/b.ts',
    `import type { word } from '../domain/words.ts'; export type B = typeof word;`,
  ],
  'http-client-packages': ['http-client/c.ts', `import pg from 'pg'; export const c = pg;`],
  'simulator-values': ['simulator/a.ts', `import { word } from '../domain/words.ts'; export const a = word;`],
  'simulator-types': ['simulator/b.ts', `import type { word } from '../domain/words.ts'; export type B = typeof word;`],
  'simulator-packages': ['simulator/c.ts', `import pg from 'pg'; export const c = pg;`],
  'no-rail-imports-another': ['rails/wire/a.ts', `import { rail } from '../instant/rail.ts'; export const a = rail;`],
  'no-product-imports-tools': [
    'worker/d.ts',
    `import { people } from '../test/support/people.ts'; export const d = people;`,
  ],
  'infra-values': ['infra/a.ts', `import { verb } from '../ledger/reserve.ts'; export const a = verb;`],
  'infra-packages': ['infra/b.ts', `import pg from 'pg'; export const b = pg;`],
  'no-one-imports-the-simulator': ['bench/a.ts', `import { bank } from '../simulator/bank.ts'; export const a = bank;`],
  'no-one-imports-a-test': ['test/a.ts', `import { told } from './told.test.ts'; export const a = told;`],
  'no-cycle': ['domain/round.ts', `import { trip } from './trip.ts'; export const round = () => trip;`],
  'no-unknown-folder': ['shared/a.ts', `export { word } from '../domain/words.ts';`],
  'no-unresolved': ['domain/e.ts', `import { nowhere } from './nowhere.ts'; export const e = nowhere;`],
  'no-development-package-in-product': ['ledger/d.ts', `import fc from 'fast-check'; export const d = fc;`],
  'no-undeclared-package': ['test/b.ts', `import ms from 'acorn'; export const b = ms;`],
  'no-dead-file': ['domain/unread.ts', 'export const unread = 1;'],
};

/** What is right, and must stay silent: one import of each allowed kind. */
const right: Record<string, string> = {
  'domain/words.ts': 'export const word = 1;',
  'domain/trip.ts': `import { round } from './round.ts'; export const trip = () => round;`,
  'config/env.ts': `import { z } from 'zod'; export const settings = z;`,
  'drizzle/client.ts': `import pg from 'pg'; export const client = pg;`,
  'ledger/reserve.ts': `import { word } from '../domain/words.ts'; import { client } from '../drizzle/client.ts'; export const verb = [word, client];`,
  'ledger/index.ts': `export { verb as createLedger } from './reserve.ts';`,
  'ledger/read/account.ts': `export { word as read } from '../../domain/words.ts';`,
  'rails/instant/rail.ts': `import { z } from 'zod'; import { word } from '../../domain/words.ts'; import { client } from '../../http-client/client.ts'; export const rail = [z, word, client];`,
  'http-client/client.ts': `import { request } from 'node:http'; export const client = request;`,
  'activities/index.ts': `import { rail } from '../rails/instant/rail.ts'; import { verb } from '../ledger/reserve.ts'; import type { Steps } from '../workflows/contract/steps.ts'; export const steps: Steps = [rail, verb];`,
  'workflows/index.ts': `import type { Steps } from './contract/steps.ts'; import { proxyActivities } from '@temporalio/workflow'; export const flow = proxyActivities<Steps>;`,
  'workflows/contract/steps.ts': 'export type Steps = unknown[];',
  'workflows/contract/messages.ts': `export { word as message } from '../../domain/words.ts';`,
  'storage/open.ts': `import { S3Client } from '@aws-sdk/client-s3'; import { word } from '../domain/words.ts'; export const store = [S3Client, word];`,
  'statements/render/thread.ts': `import pdf from 'pdfkit'; import { word } from '../../domain/words.ts'; export const thread = [pdf, word];`,
  'archive/signer.ts': `import { sign } from 'node:crypto'; import type { read } from '../ledger/read/account.ts'; import { word } from '../domain/words.ts'; export const signer = (r: typeof read) => [sign, word, r];`,
  'archive-verification/verify.ts': `import { z } from 'zod'; import { word } from '../domain/words.ts'; import type { store } from '../storage/open.ts'; export const verified = (s: typeof store) => [z, word, s];`,
  'cache/balances.ts': `import { Redis } from 'ioredis'; export const cached = Redis;`,
  'api/route.ts': `import { read } from '../ledger/read/account.ts'; import { message } from '../workflows/contract/messages.ts'; import { cached } from '../cache/balances.ts'; export const route = [read, message, cached];`,
  'api/program/main.ts': `import { client } from '../../drizzle/client.ts'; import { settings } from '../../config/env.ts'; import { route } from '../route.ts'; export const p = [client, settings, route];`,
  'telemetry/server.ts': `import type { settings } from '../config/env.ts'; import { Registry } from 'prom-client'; export const served = (s: typeof settings) => [s, Registry];`,
  'worker/main.ts': `import { served } from '../telemetry/server.ts'; import { steps } from '../activities/index.ts'; import { client } from '../drizzle/client.ts'; import { signer } from '../archive/signer.ts'; export const w = [served, steps, client, signer];`,
  'codec-server/main.ts': `import Koa from 'koa'; import { settings } from '../config/env.ts'; export const c = [Koa, settings];`,
  'operator/main.ts': `import { Command } from 'commander'; import { settings } from '../config/env.ts'; import { verb } from '../ledger/reserve.ts'; import { store } from '../storage/open.ts'; import type { signer } from '../archive/signer.ts'; import { verified } from '../archive-verification/verify.ts'; export const o = (s: typeof signer) => [Command, settings, verb, store, verified, s];`,
  'simulator/bank.ts': `import { createHmac } from 'node:crypto'; export const bank = createHmac;`,
  'simulator/main.ts': `export { bank } from './bank.ts';`,
  'local/start.ts': `import { bank } from '../simulator/bank.ts'; import { verb } from '../ledger/reserve.ts'; export const start = [bank, verb];`,
  'infra/service/settings.ts': `import { z } from 'zod'; import { settings } from '../../config/env.ts'; export const s = [z, settings];`,
  'test/support/people.ts': `export { verb as people } from '../../ledger/reserve.ts';`,
  'test/told.test.ts': 'export const told = 1;',
  'ledger/reserve.test.ts': `import { people } from '../test/support/people.ts'; import fc from 'fast-check'; export const t = [people, fc];`,
};

let found: string[] = [];

beforeAll(async () => {
  const files = { ...right, ...Object.fromEntries(Object.values(wrong)) };
  rmSync(planted, { recursive: true, force: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(planted, dirname(file)), { recursive: true });
    writeFileSync(join(planted, file), `${text}\n`);
  }
  writeFileSync(
    join(planted, 'package.json'),
    JSON.stringify(await import('../../package.json', { with: { type: 'json' } }).then((m) => m.default)),
  );
  const ruleSet = { forbidden: rules };
  const { output } = await cruise(Object.keys(files), {
    ...configuration.options,
    validate: true,
    ruleSet,
    baseDir: planted,
  });
  found = (output as ICruiseResult).summary.violations.map(
    ({ rule, from, to }) => `${rule.name}: ${rule.name === 'no-dead-file' ? to : from}`,
  );
});

afterAll(() => rmSync(planted, { recursive: true, force: true }));

test('every rule has a planted violation, and every plant a rule', () => {
  expect(Object.keys(wrong).sort()).toEqual(rules.map((rule) => rule.name).sort());
});

test.each(Object.entries(wrong))('%s is caught', (name, [file]) => {
  expect(found).toContain(`${name}: ${file}`);
});

test('what is right stays silent', () => {
  const innocent = Object.keys(right).filter((file) => file !== 'domain/trip.ts');
  expect(found.filter((line) => innocent.some((file) => line.endsWith(`: ${file}`)))).toEqual([]);
});
