import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from '@temporalio/client';
import { check } from '../../domain/check.ts';
import { freePort } from '../../local/ports.ts';
import type { Program } from '../../local/supervise/program.ts';
import { statementRunId } from '../../workflows/contract/ids.ts';
import { scheduleIds, taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import {
  type Accounts,
  aTransfer,
  createAccounts,
  ledgerOf,
  type Pools,
  poolsOf,
} from '../support/fixtures/accounts.ts';
import { freshDatabase } from '../support/fixtures/database.ts';
import { inTime, until } from '../support/harness/in-time.ts';
import { startTestProgram } from '../support/harness/program.ts';
import { type Relay, startRelay } from '../support/harness/relay.ts';
import { endMonthNow, statementsOf, versionsOf } from '../support/harness/statement-runs.ts';
import { testStorageUrl } from '../support/harness/storage.ts';
import { connectToTemporal, registerNamespace, temporalAddress } from '../support/harness/temporal.ts';

/**
 * A worker that is killed while it makes a month, as a process of its own, with a relay between it and the object store that says where
 * it is. Whatever it had done, the run ends, and every object is there once.
 */
const url = testStorageUrl();
const withS3 = url.startsWith('http') ? test.each : test.skip.each;
const ended = new AsyncDisposableStack();
let pools: Pools;
let accounts: Accounts;
let client: Client;
let relay: Relay;
let worker: Program;
beforeAll(async () => {
  const database = ended.adopt(await freshDatabase(), ({ drop }) => drop());
  pools = ended.adopt(poolsOf(database), ({ end }) => end());
  accounts = await createAccounts(pools, ledgerOf(pools));
  const connection = ended.adopt(await connectToTemporal(), (it) => it.close());
  client = new Client({ connection, namespace: await registerNamespace(connection) });
  relay = ended.adopt(await startRelay(Number(new URL(url).port)), ({ close }) => close());
  const folder = ended.adopt(await mkdtemp(join(tmpdir(), 'quittance-statements-')), (it) =>
    rm(it, { recursive: true }),
  );
  const port = await freePort();
  const behindRelay = new URL(url);
  behindRelay.port = String(relay.port);
  const env = {
    ...{
      NODE_ENV: 'test',
      DATABASE_URL: database.worker,
      WORKER_ROLES: 'statements',
      WORKER_METRICS_PORT: String(port),
    },
    ...{ TEMPORAL_ADDRESS: temporalAddress(), TEMPORAL_NAMESPACE: client.options.namespace, STATEMENT_THREADS: '1' },
    ...{
      RAIL_INSTANT_URL: 'http://127.0.0.1:1/instant',
      STORAGE_URL: behindRelay.href,
      STORAGE_RETENTION_MODE: 'governance',
    },
  };
  worker = startTestProgram({ name: 'worker', env, health: `http://127.0.0.1:${port}/health`, logFolder: folder });
  ended.adopt(worker, (it) => it.stop());
  await worker.whenReady();
  // The look would start runs with the waits of production.
  const paused = () => client.schedule.getHandle(scheduleIds.statements).pause();
  await until(async () => (await Promise.allSettled([paused()]))[0]?.status === 'fulfilled');
}, inTime(120_000));
afterAll(() => ended.disposeAsync(), inTime(60_000));

/** Lets nothing pass from the first request on that has this form, and resolves then. */
const holdAt = (form: RegExp) =>
  new Promise<void>((resolve) => {
    let isHeld = false;
    relay.rules.up = (bytes) => {
      isHeld ||= form.test(bytes.toString('latin1', 0, 400));
      if (isHeld) resolve();
      return isHeld ? null : bytes;
    };
  });

/** Resolves when the store has answered the first request of this form. */
const answered = (form: RegExp) =>
  new Promise<void>((resolve) => {
    let isAsked = false;
    relay.rules.up = (bytes) => {
      isAsked ||= form.test(bytes.toString('latin1', 0, 400));
      return bytes;
    };
    relay.rules.down = (bytes) => {
      if (isAsked) resolve();
      return bytes;
    };
  });

/** Waits that tests have time for; the step that is under way when its worker dies keeps them. */
const waits = { heartbeatMs: inTime(2_000), retryFirstMs: 50, statementsLeaseMs: inTime(3_000) };

const points: [string, () => Promise<void>][] = [
  ['after it took them', () => holdAt(/^PUT \S+json/)],
  ['while it renders', () => answered(/^HEAD \S+json/)],
  ['before it puts the PDF', () => holdAt(/^PUT \S+pdf/)],
  ['after it put the PDF', () => holdAt(/^HEAD \S+pdf/)],
  ['after one is stored', () => holdAtSecond(/^PUT \S+json/)],
];

/** As holdAt, at the second request of this form that names another object than the first. */
function holdAtSecond(form: RegExp): Promise<void> {
  const seen = new Set<string>();
  return new Promise((resolve) => {
    let isHeld = false;
    relay.rules.up = (bytes) => {
      const [request] = form.exec(bytes.toString('latin1', 0, 400)) ?? [];
      if (request) seen.add(request);
      isHeld ||= seen.size > 1;
      if (isHeld) resolve();
      return isHeld ? null : bytes;
    };
  });
}

withS3(points)(
  'a worker is killed %s: the run ends, each object is there once, nothing is left',
  async (_, reached) => {
    const { tenantId } = accounts;
    await ledgerOf(pools).reserve(crypto.randomUUID(), aTransfer(accounts, { amount: '1' }));
    const month = await endMonthNow(pools, tenantId);
    const isThere = reached();
    const run = await client.workflow.start(workflowTypes.statementRun, {
      ...{ workflowId: statementRunId(tenantId, month), taskQueue: taskQueues.statements },
      args: [{ tenantId, month, waits }],
    });
    await isThere;
    await worker.kill();
    relay.rules = {};
    const before = await versionsOf(url, tenantId);
    expect(await run.result()).toMatchObject({ left: 0, attention: 0 });
    const made = await statementsOf(pools, tenantId, month);
    expect(made.map(({ status }) => status)).toEqual(Array(3).fill('ready'));
    const after = await versionsOf(url, tenantId);
    expect(after).toEqual(expect.arrayContaining(before));
    const keys = after.map((version) => version.split(' ')[0]);
    expect(keys).toEqual([...new Set(keys)]);
    const { events } = await run.fetchHistory();
    check(events, 'a run has a history');
    expect(events.length).toBeLessThan(60);
    await until(() => worker.isReady());
  },
  inTime(120_000),
);
