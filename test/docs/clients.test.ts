import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { request } from 'undici';
import which from 'which';
import { toPublic } from '../../domain/ids.ts';
import { createAccounts } from '../support/fixtures/accounts.ts';
import { freshApi } from '../support/harness/api.ts';
import { programsOf } from '../support/page-examples.ts';

/** The clients of docs/how-to/retry-safely.md, through networks that fail. */
const page = 'docs/how-to/retry-safely.md';
const runMaxMs = 60_000;
const { api, ledger, pools } = freshApi();
const folder = mkdtempSync(join(tmpdir(), 'quittance-clients-'));

/** What becomes of the tries of a client, one after the other; those that come later are passed on. */
type Fate = (pass: () => Promise<Passed>, response: ServerResponse) => Promise<unknown>;
type Passed = { status: number; text: string };
const problem = (response: ServerResponse, status: number) =>
  response
    .writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '1' })
    .end(JSON.stringify({ status, code: 'any', retryable: true }));
const html = (response: ServerResponse, status: number) =>
  response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Not now</h1>');
const json = (response: ServerResponse, status: number, text: string) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
/** Five at most: the waits of a client double. */
const networks: Record<string, Fate[]> = {
  'a network that loses answers': [
    // The money is moved, and the answer is lost.
    (pass, response) => pass().then(() => response.destroy()),
    async (_, response) => problem(response, 429),
    async (_, response) => problem(response, 503),
    // Half an answer, and half a problem.
    (pass, response) =>
      pass().then(({ text }) => {
        response.writeHead(201, { 'content-length': String(text.length) });
        response.write(text.slice(0, 20), () => response.destroy());
      }),
    async (_, response) => {
      response.writeHead(503, { 'content-type': 'application/problem+json', 'content-length': '100' });
      response.write('{"retr', () => response.destroy());
    },
  ],
  // What it says has no word about the request, whatever its status and form.
  'a proxy that answers by itself': [
    async (_, response) => html(response, 502),
    async (_, response) => html(response, 503),
    async (_, response) => json(response, 429, '{"message":"slow down"}'),
    async (_, response) => json(response, 504, 'null'),
    // A date is another form of Retry-After.
    async (_, response) => {
      response.setHeader('retry-after', new Date(Date.now() + 1_000).toUTCString());
      json(response, 503, '{"retryable":true}');
    },
  ],
};

let network: Server;
let fates: Fate[] = [];
let tries: Buffer[] = [];
beforeEach(() => {
  tries = [];
});
beforeAll(async () => {
  network = createServer((incoming, response) => void carry(incoming, response)).listen(0, '127.0.0.1');
  await once(network, 'listening');
});
afterAll(() => {
  network.close();
  network.closeAllConnections();
  rmSync(folder, { recursive: true });
});

async function carry(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(incoming);
  const fate = fates[tries.length];
  tries.push(body);
  const pass = async (): Promise<Passed> => {
    const { authorization, 'content-type': type, 'idempotency-key': key } = incoming.headers;
    const headers = { authorization, 'content-type': type, 'idempotency-key': String(key) };
    const answer = await request(`${api.url}${incoming.url}`, { method: 'POST', headers, body });
    return { status: answer.statusCode, text: await answer.body.text() };
  };
  if (fate) return void (await fate(pass, response));
  const { status, text } = await pass();
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}

/** How the programs of a language are run: its interpreter, or null where this machine has none. */
const interpreters: Record<string, { file: string; program: string | null }> = {
  ts: { file: 'client.ts', program: process.execPath },
  python: { file: 'client.py', program: which.sync('python3', { nothrow: true }) },
};
const programs = programsOf(page);

test('the page has a client in each of the languages', () => {
  expect(programs.map(({ language }) => language)).toEqual(Object.keys(interpreters));
  for (const { source } of programs) expect(source.trim().split('\n').length).toBeLessThanOrEqual(42);
});

const cases = programs.flatMap((program) => Object.entries(networks).map(([name, its]) => ({ ...program, name, its })));

test.each(cases)(
  'the client in $language moves money once, through $name',
  async ({ language, source, prints, its }) => {
    fates = its;
    const { file, program } = interpreters[language] ?? { file: '', program: null };
    if (program === null) {
      // A missing outside tool is named, and the client in TypeScript runs everywhere.
      process.stdout.write(`not run: the client in ${language} (there is no python3 on PATH)\n`);
      return;
    }
    writeFileSync(join(folder, file), source);
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    const { port } = network.address() as AddressInfo;
    // Of its own, because the page's keys are the same in each case.
    const accounts = await createAccounts(pools, ledger);
    const { tenantId } = accounts;
    const env = {
      ...{ PATH: process.env['PATH'], API: `http://127.0.0.1:${port}`, KEY: await api.keyWith({ tenantId }) },
      ...{ ADA: toPublic('account', accounts.ada), GRACE: toPublic('account', accounts.grace) },
    };
    const before = await transfers();
    const { stdout } = await promisify(execFile)(program, [join(folder, file)], { env, timeout: runMaxMs });
    expect(stdout.trim()).toMatch(prints);
    expect(await transfers()).toBe(before + 1);
    expect(tries).toHaveLength(fates.length + 1);
    expect(new Set(tries.map(String)).size).toBe(1);
  },
);

const transfers = async (): Promise<number> =>
  (await pools.root.query('select count(*)::int as n from ledger.transfer where state = $1', ['completed'])).rows[0].n;
