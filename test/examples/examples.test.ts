import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { createRunWaker, type RunWaker } from '../../activities/statements/wake-runs.ts';
import type { Deps } from '../../api/deps.ts';
import { notice } from '../../api/openapi/notices.ts';
import { routes } from '../../api/routes.ts';
import { createStartGroup } from '../../api/transfers/start-group.ts';
import { check } from '../../domain/check.ts';
import { fromPublic } from '../../domain/ids.ts';
import { endStatementMonth } from '../../ledger/statements/end-month.ts';
import { openStatementMonths } from '../../ledger/statements/open-months.ts';
import { setStatementPace } from '../../ledger/statements/set-pace.ts';
import { type Api, startApi } from '../support/harness/api.ts';
import { type Platform, shortTerms, startInProcess } from '../support/harness/in-process.ts';
import { inTime, until } from '../support/harness/in-time.ts';
import { root } from '../support/tree.ts';
import { createRecorder, type Examples, shapeOf, withoutChance } from './recorder.ts';
import { tellStory } from './story.ts';

/**
 * The examples of the OpenAPI document are what the platform answered: RECORD_EXAMPLES=1 writes them, and without it this test
 * compares them with a new run.
 */
const file = join(root, 'api/openapi/examples.json');

let platform: Platform;
let api: Api;
let runs: RunWaker;
// Takes every notice.
const notices: unknown[] = [];
const receiver = createServer((request, response) => {
  void json(request).then((body) => notices.push(body));
  response.writeHead(204).end();
});
let receiverUrl: string;
beforeAll(async () => {
  // The bank of the story answers: on a busy machine too it has the time for it.
  platform = await startInProcess({ terms: { ...shortTerms, requestTimeoutMs: 30_000 } });
  const { pools, accounts, client, waits } = platform;
  const log = pino({ level: 'silent' });
  const startGroup = createStartGroup({ client, log, waits });
  runs = createRunWaker({ client, log, waits });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  // A server that listens on TCP has an address with a port.
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  // An export leaves out the last minute, and all of the story is younger: this API believes in a later clock.
  const tamper = (deps: Deps): Deps => ({ ...deps, clockMs: () => 120_000, makeStatements: runs.make });
  api = await startApi({ pools, tenantId: accounts.tenantId, startGroup, tamper });
}, inTime(60_000));
afterAll(async () => {
  await api?.end();
  await runs?.close();
  await platform?.end();
  receiver.close();
}, inTime(30_000));

test('each operation has an example that the platform answered, and it would answer it again', async () => {
  const recorder = createRecorder(api);
  const settled = (id: string) => platform.settled([fromPublic('transfer', id) ?? '']);
  const delivered = () => until(async () => (await waitingNotices()) === 0, 30_000);
  const shown = () =>
    until(async () => (await api.call('/v1/events?after=latest')).body.withheld_since === null, 60_000);
  const { pools, accounts } = platform;
  const { tenantId } = accounts;
  const operations = await api.keyWith({ scopes: ['operations'] });
  const made = (id: string) =>
    until(async () => (await api.call(`/v1/statements/${id}`)).body.status === 'ready', 60_000);
  const endMonth = async () => {
    const ended = await endStatementMonth(pools.root, { tenantId, actor: 'test' });
    check(ended.ok, 'the month is ended');
    await openStatementMonths(pools.worker, { limit: 10 });
    // It stands still, so that every recording sees it before its end.
    await setStatementPace(pools.api, { tenantId, month: ended.value.month, pace: 0, actor: 'test' });
    await until(
      async () => (await api.call('/v1/statement-runs', { secret: operations })).body.data.length > 0,
      60_000,
    );
    return ended.value.month;
  };
  const stage = { accounts, receiver: receiverUrl, operations };
  // The day's checkpoint is published before there is an endpoint: whether it comes in between is a matter of chance.
  await until(async () => (await api.call('/v1/events?type=checkpoint.published')).body.data.length > 0, 60_000);
  await tellStory(recorder, { ...stage, settled, delivered, shown, made, endMonth });
  expect(notices.length).toBeGreaterThan(0);
  expect(notices.map((body) => notice.safeParse(body).error?.issues ?? [])).toEqual(notices.map(() => []));
  const examples = withoutChance(recorder.examples);
  expect(routes.map(({ operation }) => operation.id).filter((id) => examples[id] === undefined)).toEqual([]);
  if (process.env['RECORD_EXAMPLES']) writeFileSync(file, `${JSON.stringify(examples, null, 2)}\n`);
  const recorded: Examples = JSON.parse(readFileSync(file, 'utf8'));
  expect(shapeOf(recorded)).toEqual(shapeOf(examples));
});

async function waitingNotices(): Promise<number> {
  const sql = 'select count(*)::int as waiting from ledger.notice_due';
  return (await platform.pools.root.query<{ waiting: number }>(sql)).rows[0]?.waiting ?? 0;
}
